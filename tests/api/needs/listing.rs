//! Lists: filters, order, pages, masks and scope.

use heli::accounts::model::Role;
use heli::clock::HOUR;
use serde_json::{Value, json};

use super::{COMMUNITY, need};
use crate::app::Caller;

const NEEDS: &str = "/incidents/test/needs";

/// References of a list, in its order, over all its pages.
async fn references(caller: &Caller, query: &str) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = caller.get(&format!("{NEEDS}?{query}{cursor}")).await.expect(200);
        let items = page.body["items"].as_array().unwrap();
        all.extend(items.iter().map(|item| item["reference"].as_str().unwrap().to_owned()));
        match page.body["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

async fn submit(caller: &Caller, change: Value) -> String {
    caller.post(NEEDS, need(change)).await.expect(201).text_of("reference")
}

journeys! {
    async fn a_list_is_filtered_ordered_and_paged(app) {
        let mut all = Vec::new();
        for (i, (urgency, category, region)) in [
            ("normal", "food", json!(COMMUNITY)), ("critical", "medicine", json!("610112000000")), ("high", "food", json!(null)),
            ("critical", "food", json!(COMMUNITY)), ("normal", "pet", json!(null)),
        ].into_iter().enumerate() {
            let people = if i == 2 { json!({"count": 2, "groups": ["frail", "elderly_alone"]}) } else { json!({"count": 1}) };
            all.push(submit(&app.public(), json!({"urgency": urgency, "category": category, "region": region, "people": people})).await);
            app.db.clock.advance(HOUR);
        }
        let operator = app.user(Role::Operator).await;
        let pick = |numbers: &[usize]| numbers.iter().map(|i| all[*i].clone()).collect::<Vec<_>>();
        for (query, expected) in [
            ("open=true&limit=2", pick(&[1, 3, 2, 0, 4])),
            ("limit=2", pick(&[4, 3, 2, 1, 0])),
            ("open=false", vec![]),
            ("open=true&category=food", pick(&[3, 2, 0])),
            ("urgency=critical&limit=1", pick(&[3, 1])),
            ("region=610113000000", pick(&[3, 0])),
            ("region=610100000000", pick(&[3, 1, 0])),
            ("group=elderly_alone", pick(&[2])),
            ("stage=collected&phone=unverified&urgent=none&matching=none&delivery=none&closure=open", pick(&[4, 3, 2, 1, 0])),
            ("stage=closed", vec![]),
            ("source=web&older_than=4", pick(&[0])),
            (&format!("reference={}", all[2]), pick(&[2])),
        ] {
            assert_eq!(references(&operator, query).await, expected, "{query}");
        }
        for (query, pointer) in [
            ("stage=done", "stage"), ("group=elderly", "group"), ("region=1", "region"), ("limit=0", "limit"), ("cursor=7b7d", "cursor"), ("order=x", "order"),
            ("organisation=x", "organisation"), ("reference=x", "reference"), ("older_than=-1", "older_than"),
        ] {
            assert_eq!(operator.get(&format!("{NEEDS}?{query}")).await.refused(422, "invalid").pointer(), pointer, "{query}");
        }
    }

    async fn a_list_is_masked_and_within_the_callers_scope(app) {
        let operator = app.user(Role::Operator).await;
        let here = submit(&operator, json!({"contacts": [{"role": "person", "name": "欧阳一", "phone": "13800001234"}]})).await;
        let elsewhere = submit(&operator, json!({"region": "610112001001"})).await;
        let nowhere = submit(&operator, json!({"region": null})).await;
        let item = operator.get(&format!("{NEEDS}?reference={here}")).await.expect(200);
        assert!(!item.text.contains("13800001234") && !item.text.contains("欧阳一") && !item.text.contains("已无米"));
        let item = &item.body["items"][0];
        assert_eq!((item["contact"]["name"].as_str(), item["contact"]["phone"].as_str()), (Some("欧*"), Some("138****1234")));
        assert_eq!((item["lines"][0]["left"].as_i64(), item["lines"][0]["unit"].as_str(), item["held"].as_i64()), (Some(10), Some("箱"), Some(0)));
        assert_eq!(item["summary"], "生活物资：大米 10 箱；1 人；2026-06-01");
        assert!(item["region"]["name"].as_str().unwrap().contains("长丰园"));

        let worker = app.member("test", Role::CommunityWorker, Some("长丰园"), Some(COMMUNITY)).await;
        assert_eq!(references(&worker, "").await, [here.as_str()]);
        let own = submit(&worker, json!({"region": "610112001001"})).await;
        assert_eq!(references(&worker, "").await, [own.as_str(), here.as_str()]);
        let supervisor = app.member("test", Role::Supervisor, None, Some("610112000000")).await;
        assert_eq!(references(&supervisor, "").await, [own.as_str(), elsewhere.as_str()]);
        let seen = supervisor.get(NEEDS).await.expect(200);
        assert!(seen.body["items"][0]["contact"].is_null());
        let coordinator = app.user(Role::Coordinator).await;
        assert_eq!(references(&coordinator, "open=true").await.len(), 4);
        assert!(coordinator.get(NEEDS).await.body["items"][0]["contact"].is_null());
        let organisation_wide = references(&operator, "").await;
        assert!(organisation_wide.contains(&nowhere));
        for role in [Role::Volunteer, Role::Admin, Role::DataOfficer, Role::OrgAdmin] {
            app.user(role).await.get(NEEDS).await.refused(403, "forbidden");
        }
        app.public().get(NEEDS).await.refused(401, "unauthenticated");
        app.incident("other").await;
        operator.get("/incidents/other/needs").await.refused(404, "not_found");
    }
}
