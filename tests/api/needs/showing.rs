//! A need and its timeline.

use heli::accounts::model::Role;
use serde_json::json;

use super::{COMMUNITY, need};

const NEEDS: &str = "/incidents/test/needs";

journeys! {
    async fn a_need_is_shown_with_its_lines_and_masked(app) {
        let people = json!({"count": 3, "named": [{"name": "孙二", "phone": "13900002222"}], "groups": ["frail"]});
        let lines = json!([
            {"item": "大米", "quantity": 45, "unit": "袋", "approximate": true, "needed_by": "2026-06-02T08:00:00+08:00", "payer": "self"},
            {"item": "热餐", "quantity": 3, "unit": "份", "recurrence": {"first_day": "2026-06-01", "last_day": "2026-06-02"},
             "window": {"from": "11:00", "to": "12:30"}, "medicine": {"name": "胰岛素", "prescription": true}},
        ]);
        let body = need(json!({"people": people, "lines": lines, "address": "某某路 1 号", "urgency": "urgent"}));
        let submitted = app.public().post(NEEDS, body).await.expect(201);
        let path = format!("{NEEDS}/{}", submitted.text_of("reference"));
        let operator = app.user(Role::Operator).await;
        let shown = operator.get(&path).await.expect(200);
        for secret in ["13800001111", "13900002222", "钱一", "孙二", "已无米", "某某路"] {
            assert!(!shown.text.contains(secret), "{secret}");
        }
        let body = &shown.body;
        assert_eq!((&body["reference"], &body["root"], &body["submission"]), (&submitted.body["reference"], &submitted.body["reference"], &submitted.body["submission"]));
        assert_eq!((body["version"].as_i64(), shown.header("etag"), body["stage"].as_str()), (Some(1), "\"1\"", Some("collected")));
        let axes = json!({"phone": "unverified", "urgent": "none", "matching": "none", "delivery": "none", "closure": "open"});
        assert_eq!((&body["axes"], body["urgency"].as_str(), body["district"].as_str()), (&axes, Some("urgent"), Some("610113000000")));
        let line = &body["lines"][0];
        for (member, value) in [
            ("n", json!(1)), ("item", json!("大米")), ("quantity", json!(45)), ("wanted", json!(45)), ("unit", json!("袋")), ("held", json!(0)),
            ("confirmed", json!(0)), ("fulfilled", json!(0)), ("left", json!(45)), ("delivered", json!(0)), ("approximate", json!(true)),
            ("short", json!(false)), ("payer", json!("self")), ("version", json!(1)), ("needed_by", json!("2026-06-02T08:00:00+08:00")),
        ] {
            assert_eq!(line[member], value, "{member}");
        }
        let line = &body["lines"][1];
        assert_eq!((line["days"][1]["day"].as_str(), line["days"][1]["left"].as_i64(), line["payer"].as_str()), (Some("2026-06-02"), Some(3), Some("unknown")));
        assert_eq!((&line["window"]["to"], &line["medicine"]["prescription"]), (&json!("12:30"), &json!(true)));
        assert_eq!(body["summary"], "生活物资：大米 约 45 袋、热餐 3 份/天；3 人（高龄失能）；2026-06-01");
        assert_eq!((body["people"].as_i64(), body["persons"].as_array().unwrap().len(), body["contacts"][0]["phone"].as_str()), (Some(3), 1, Some("138****1111")));

        let supervisor = app.user(Role::Supervisor).await;
        assert!(supervisor.get(&path).await.expect(200).body["contacts"].is_null());
        let elsewhere = app.member("test", Role::Operator, None, Some("610112000000")).await;
        for path in [path.as_str(), &format!("{path}/events")] {
            elsewhere.get(path).await.refused(404, "not_found");
            app.user(Role::DataOfficer).await.get(path).await.refused(403, "forbidden");
            app.public().get(path).await.refused(401, "unauthenticated");
        }
        for reference in ["0000000000", "not-one", "%00", "9999999999"] {
            operator.get(&format!("{NEEDS}/{reference}")).await.refused(404, "not_found");
        }
    }

    async fn a_timeline_says_what_happened(app) {
        let worker = app.member("test", Role::CommunityWorker, Some("长丰园"), Some(COMMUNITY)).await;
        let body = need(json!({"source": "paper", "occurred_at": "2026-05-31T20:00:00+08:00", "late_reason": "停电"}));
        let submitted = worker.post(NEEDS, body).await.expect(201);
        let path = format!("{NEEDS}/{}/events", submitted.text_of("reference"));
        let page = worker.get(&path).await.expect(200);
        assert!(!page.text.contains("停电") && !page.text.contains("13800001111"));
        let item = &page.body["items"][0];
        assert_eq!((item["kind"].as_str(), item["by"].as_str(), item["organisation"].as_str()), (Some("submitted"), Some("account"), Some("长丰园")));
        assert_eq!((item["occurred_at"].as_str(), item["need"].as_str()), (Some("2026-05-31T20:00:00+08:00"), Some(&*submitted.text_of("reference"))));
        assert_eq!((item["data"]["source"].as_str(), item["data"]["lines"][0]["quantity"].as_i64()), (Some("paper"), Some(10)));
        worker.get(&format!("{path}?cursor=22")).await.refused(422, "invalid");
        worker.get(&format!("{path}?limit=101")).await.refused(422, "invalid");
    }
}
