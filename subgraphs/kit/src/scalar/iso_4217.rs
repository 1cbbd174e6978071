//! The currencies that there are.

use super::CurrencyCode;

/// List one of ISO 4217, "current currency and funds", as SIX keeps it for ISO
/// (<https://www.six-group.com/en/products-services/financial-information/data-standards.html>): as of 2026-01-01, when the lev left
/// it. Codes of precious metals, of funds and of no currency (`XXX`, and `XTS` for tests) are among them.
const CURRENT: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF \
    CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT \
    LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR \
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
    SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD \
    XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG";

impl CurrencyCode {
    /// Whether the standard has a currency, or anything else that it has codes for, by this code today.
    #[must_use]
    pub fn is_current(&self) -> bool {
        CURRENT.split(' ').any(|code| code == self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_each_code_once_in_its_order() {
        assert!(CURRENT.split(' ').is_sorted_by(|one, next| one < next));
        assert!(CURRENT.split(' ').all(|code| code.parse::<CurrencyCode>().is_ok()));
    }

    #[test]
    fn what_the_standard_has_not_or_no_more_is_none() {
        for code in ["EUR", "USD", "JPY", "KWD", "UYW", "XCG", "ZWG", "XTS", "XXX"] {
            assert!(code.parse::<CurrencyCode>().unwrap().is_current(), "{code}");
        }
        for code in ["ZZZ", "AAA", "DEM", "HRK", "BGN", "ANG", "ZWL", "SLL"] {
            assert!(!code.parse::<CurrencyCode>().unwrap().is_current(), "{code}");
        }
    }
}
