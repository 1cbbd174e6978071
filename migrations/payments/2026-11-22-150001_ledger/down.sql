DROP FUNCTION ledger_differences();
DROP VIEW ledger_balance;
DROP TABLE ledger_entry, ledger_transaction, ledger_account;
DROP FUNCTION ledger_must_balance();
DROP FUNCTION ledger_is_append_only();
