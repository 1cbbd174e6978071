//! `supergraph compose` with several contracts in one file, and `supergraph print --api` of what comes out.

use crate::support::process;

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag", "@inaccessible"])
type Query { price: Int @tag(name: "public") stock: Int @tag(name: "partner") secret: Int @inaccessible }
"#;
const FILE: &str = "subgraphs:
  goods: { routing_url: http://127.0.0.1:1/, schema: { file: goods.graphql } }
contracts:
  public: { include: [public], output: public.graphql }
  partners: { exclude: [public], hide_unreachable: true, output: partners.graphql }
";

#[tokio::test(flavor = "multi_thread")]
async fn one_file_makes_a_supergraph_and_each_contract_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("goods.graphql"), SDL).unwrap();
    std::fs::write(path("supergraph.yaml"), FILE).unwrap();
    let composed =
        process::run(&["compose", "--config", &path("supergraph.yaml"), "--output", &path("all.graphql")]).await;
    assert_eq!((composed.code, composed.stdout.as_str()), (0, ""), "{composed:?}");
    for (file, fields) in [("all", "price stock"), ("public", "price"), ("partners", "stock")] {
        let api = process::run(&["print", "--api", "--supergraph", &path(&format!("{file}.graphql"))]).await;
        assert_eq!(api.code, 0, "{api:?}");
        let shown: Vec<&str> =
            ["price", "stock", "secret", "join__"].into_iter().filter(|n| api.stdout.contains(n)).collect();
        assert_eq!(shown.join(" "), fields, "{file}: {}", api.stdout);
    }
    let api = process::run(&["print", "--api", "--config", &path("supergraph.yaml")]).await;
    assert!(api.code == 0 && api.stdout.contains("stock: Int") && !api.stdout.contains("secret"), "{api:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_leaves_nothing_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("goods.graphql"), SDL).unwrap();
    std::fs::write(path("supergraph.yaml"), FILE.replace("include: [public]", "include: [nope]")).unwrap();
    let refused =
        process::run(&["compose", "--config", &path("supergraph.yaml"), "--output", &path("all.graphql")]).await;
    assert!(refused.code != 0 && refused.stderr.contains("contract public is refused"), "{refused:?}");
    assert!(["all", "public", "partners"].iter().all(|name| !folder.path().join(format!("{name}.graphql")).exists()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_result_is_written_over_another_one_or_over_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("goods.graphql"), SDL).unwrap();
    let two = |first: &str, second: &str| {
        FILE.replace("public.graphql", first).replace("partners.graphql", second).replace("[public]", "[partner]")
    };
    for (first, second, says) in [
        ("all.graphql", "two.graphql", "all.graphql is to be written twice"),
        ("one.graphql", "./one.graphql", "one.graphql is to be written twice"),
        ("goods.graphql", "two.graphql", "goods.graphql is both read and to be written"),
        ("one.graphql", "supergraph.yaml", "supergraph.yaml is both read and to be written"),
        ("one.graphql", "missing/two.graphql", "cannot write"),
    ] {
        let file = two(first, second);
        std::fs::write(path("supergraph.yaml"), &file).unwrap();
        let refused =
            process::run(&["compose", "--config", &path("supergraph.yaml"), "--output", &path("all.graphql")]).await;
        assert!(refused.code == 2 && refused.stderr.contains(says), "{says}: {refused:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "{says}");
        assert_eq!(std::fs::read_to_string(path("goods.graphql")).unwrap(), SDL);
        assert_eq!(std::fs::read_to_string(path("supergraph.yaml")).unwrap(), file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_is_not_printed_over_what_it_was_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("goods.graphql"), SDL).unwrap();
    std::fs::write(path("supergraph.yaml"), FILE).unwrap();
    let all = path("all.graphql");
    process::run(&["compose", "--config", &path("supergraph.yaml"), "--output", &all]).await;
    for (option, file, read) in [
        ("--config", "supergraph.yaml", "goods.graphql"),
        ("--config", "supergraph.yaml", "supergraph.yaml"),
        ("--supergraph", "all.graphql", "all.graphql"),
    ] {
        let before = std::fs::read_to_string(path(read)).unwrap();
        let refused = process::run(&["print", "--api", option, &path(file), "--output", &path(read)]).await;
        let says = format!("{read} is both read and to be written; nothing is written");
        assert!(refused.code == 2 && refused.stderr.contains(&says), "{refused:?}");
        assert_eq!(std::fs::read_to_string(path(read)).unwrap(), before);
    }
}
