//! Temporary.
use crate::testing::{counts, options, sector};
use crate::{Kind, Silent, run};
use domain::policy::Viewer;
use std::io::Write;
use store::testing::TestStore;

fn rss() -> String {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    s.lines()
        .filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn scale() {
    let test = if std::env::var("PG").is_ok() {
        TestStore::postgres().await.unwrap()
    } else {
        TestStore::sqlite().await
    };
    sector(&test.store).await;
    let path = std::env::temp_dir().join("scale.csv");
    for (body, mb) in [
        ("QQQ", 200),
        (
            "CCC",
            std::env::var("MB").unwrap().parse::<usize>().unwrap(),
        ),
    ] {
        let mut f = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        writeln!(f, "organisation,standard,state,effective_on,note").unwrap();
        let mut n = 0;
        let mut b = 0;
        while b < mb * 1_000_000 {
            let l = format!(
                "{body},tree-data,PILOTING,2022-01-01,note number {n} with some more words to make it as long as is usual\n"
            );
            b += l.len();
            n += 1;
            f.write_all(l.as_bytes()).unwrap();
        }
        f.flush().unwrap();
        let t = std::time::Instant::now();
        let r = run(
            &test.store,
            &Viewer::Operator,
            Kind::Adoptions,
            &[path.clone()],
            &options(),
            &Silent,
        )
        .await
        .unwrap();
        eprintln!(
            "{mb} MB {n} rows {:?} {:?} {}",
            counts(&r),
            t.elapsed(),
            rss()
        );
    }
    std::fs::remove_file(&path).unwrap();
}
