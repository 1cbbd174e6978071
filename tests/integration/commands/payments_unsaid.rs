//! Who forgot to say who moves the money gets no shop that sells for nothing.

use crate::support::process;

#[tokio::test(flavor = "multi_thread")]
async fn payments_do_not_start_before_somebody_says_who_moves_the_money() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("services.yaml");
    std::fs::write(&file, "databases: { server: \"postgres://nobody:nothing@127.0.0.1:1\" }").expect("a file");
    let file = file.to_str().expect("UTF-8");
    let listen = ["--listen", "127.0.0.1:0"];
    for command in [&["subgraph", "payments"][..], &["worker", "payments"], &["worker"]] {
        let plain = process::run(&[command, &listen].concat()).await;
        let named = process::run(&[command, &listen, &["--services", file]].concat()).await;
        for refused in [plain, named] {
            assert_eq!(refused.code, 1, "{command:?}: {refused:?}");
            assert!(refused.stderr.contains("`payments: test`"), "{command:?}: {refused:?}");
        }
    }
    // Others don't care, and go on to their databases.
    let orders = process::run(&[&["worker", "orders"][..], &listen, &["--services", file]].concat()).await;
    assert!(orders.code == 2 && !orders.stderr.contains("payments"), "{orders:?}");
}
