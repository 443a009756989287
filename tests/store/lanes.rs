//! What the lanes promise: isolation of closures, one commit, retries, queues with an end.

use diesel::prelude::*;
use heli::db::{Read, Write, schema::meta};
use heli::error::{Error, Result};

use crate::support::on_both;

fn put(w: &mut Write<'_>, name: &str) -> Result<()> {
    diesel::insert_into(meta::table).values((meta::name.eq(name), meta::value.eq(""))).execute(w.conn())?;
    Ok(())
}

fn names(r: &mut Read<'_>) -> Result<Vec<String>> {
    Ok(meta::table.select(meta::name).order(meta::name).load(r.conn())?)
}

on_both! {
    fn a_failing_closure_rolls_back_alone(db) {
        db.write_blocking(|w| put(w, "a")).unwrap();
        let failed = db.write_blocking(|w| {
            put(w, "b")?;
            Err::<(), _>(Error::NotFound)
        });
        assert!(matches!(failed, Err(Error::NotFound)));
        assert_eq!(db.read_blocking(heli::db::Lane::Fast, names).unwrap(), ["a"]);
    }

    async fn it_works_in_a_runtime(db) {
        db.write(|w| put(w, "a")).await.unwrap();
        assert_eq!(db.read(heli::db::Lane::Slow, names).await.unwrap(), ["a"]);
    }
}
