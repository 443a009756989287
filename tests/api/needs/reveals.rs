//! Reveals and the search by phone.

use heli::accounts::model::Role;
use serde_json::{Value, json};

use super::{COMMUNITY, need};

const NEEDS: &str = "/incidents/test/needs";

/// Subjects of an action in the audit, the newest first.
async fn recorded(admin: &crate::app::Caller, action: &str) -> Vec<String> {
    let read = admin.get(&format!("/incidents/test/audit?action={action}")).await.expect(200);
    read.body["items"].as_array().unwrap().iter().map(|item| item["subject"].as_str().unwrap().to_owned()).collect()
}

fn example() -> Value {
    need(json!({
        "contacts": [{"role": "relative", "name": "钱一", "phone": "+86 138-0000-1111", "flags": ["speak_slowly"]}],
        "people": {"count": 1, "named": [{"name": "孙二", "phone": "13900002222"}]},
        "address": "某某路 1 号",
    }))
}

journeys! {
    async fn contacts_are_revealed_to_whom_they_concern_and_each_time_recorded(app) {
        let submitted = app.public().post(NEEDS, example()).await.expect(201);
        let reference = submitted.text_of("reference");
        let path = format!("{NEEDS}/{reference}/contacts/reveals");
        let admin = app.user(Role::Admin).await;
        let worker = app.member("test", Role::CommunityWorker, Some("长丰园"), Some(COMMUNITY)).await;
        let shown = worker.post_as("0123456789abcdefghij", &path, json!({})).await.expect(200);
        let revealed = &shown.body["needs"][0];
        let contact = json!({"n": 1, "role": "relative", "name": "钱一", "phone": "13800001111", "flags": ["speak_slowly"]});
        assert_eq!(revealed["contacts"], json!([contact]));
        assert_eq!((revealed["people"][0]["name"].as_str(), revealed["people"][0]["phone"].as_str()), (Some("孙二"), Some("13900002222")));
        assert_eq!((revealed["address"].as_str(), revealed["description"].as_str()), (Some("某某路 1 号"), Some("家中已无米")));
        assert_eq!(shown.header("cache-control"), "no-store");
        assert_eq!(recorded(&admin, "contacts_revealed").await, [reference.as_str()]);
        worker.post_as("0123456789abcdefghij", &path, json!({})).await.expect(200);
        assert_eq!(recorded(&admin, "contacts_revealed").await.len(), 2, "a repeat is recorded too");
        worker.post_as("0123456789abcdefghij", &path, json!({"reason": "x"})).await.refused(422, "idempotency_key_reused");

        let operator = app.user(Role::Operator).await;
        assert_eq!(operator.post(&path, json!({})).await.refused(422, "invalid").pointer(), "/reason");
        assert_eq!(operator.post(&path, json!({"reason": " "})).await.refused(422, "invalid").pointer(), "/reason");
        assert_eq!(recorded(&admin, "contacts_revealed").await.len(), 2);
        operator.post(&path, json!({"reason": "对方来电"})).await.expect(200);
        let audit = admin.get("/incidents/test/audit?action=contacts_revealed").await.expect(200);
        assert_eq!(audit.body["items"][0]["reason"], "对方来电");

        let elsewhere = app.member("test", Role::CommunityWorker, Some("别处"), Some("610112001001")).await;
        elsewhere.post(&path, json!({})).await.refused(404, "not_found");
        for (role, status) in [
            (Role::Coordinator, 403), (Role::CaseWorker, 403), (Role::Supervisor, 403), (Role::Volunteer, 403), (Role::DataOfficer, 403),
            (Role::OrgAdmin, 403),
        ] {
            app.user(role).await.post(&path, json!({"reason": "好奇"})).await.expect(status);
        }
        admin.post(&path, json!({"reason": "好奇"})).await.refused(403, "forbidden");
        app.public().post(&path, json!({})).await.refused(401, "unauthenticated");
        assert_eq!(recorded(&admin, "contacts_revealed").await.len(), 3);
    }

    async fn a_case_is_the_reason_of_its_case_workers(app) {
        let reference = app.public().post(NEEDS, example()).await.expect(201).text_of("reference");
        let path = format!("{NEEDS}/{reference}/contacts/reveals");
        let own = app.member("test", Role::CaseWorker, Some("社工站"), None).await;
        let other = app.member("test", Role::CaseWorker, Some("别的社工站"), None).await;
        own.post(&format!("{NEEDS}/{reference}/case"), json!({})).await.expect(201);
        own.post(&path, json!({})).await.expect(200);
        assert_eq!(other.post(&path, json!({})).await.refused(422, "invalid").pointer(), "/reason");
        other.post(&path, json!({"reason": "接手"})).await.expect(200);
    }

    async fn needs_are_found_by_the_phone_of_a_caller(app) {
        let reference = app.public().post(NEEDS, example()).await.expect(201).text_of("reference");
        app.public().post(NEEDS, need(json!({"contacts": [{"role": "person", "name": "周", "phone": "13700000000"}]}))).await.expect(201);
        let (operator, admin) = (app.user(Role::Operator).await, app.user(Role::Admin).await);
        let searches = format!("{NEEDS}/searches");
        let found = operator.post(&searches, json!({"phone": "138 0000 1111"})).await.expect(200);
        assert_eq!((found.body["items"].as_array().unwrap().len(), found.body["items"][0]["reference"].as_str()), (1, Some(reference.as_str())));
        assert!(!found.text.contains("13800001111"));
        assert_eq!(recorded(&admin, "phone_searched").await, [""]);
        let none = operator.post(&searches, json!({"phone": "13600000000"})).await.expect(200);
        assert_eq!(none.body["items"], json!([]));
        assert_eq!(operator.post(&searches, json!({"phone": "110"})).await.refused(422, "invalid").pointer(), "/phone");
        let elsewhere = app.member("test", Role::Operator, None, Some("610112000000")).await;
        assert_eq!(elsewhere.post(&searches, json!({"phone": "13800001111"})).await.expect(200).body["items"], json!([]));
        app.user(Role::CaseWorker).await.post(&searches, json!({"phone": "13800001111"})).await.refused(403, "forbidden");
    }
}

crate::support::on_both! {
    async fn reveals_are_counted_by_the_hour(db) {
        let app = crate::app::TestApp::tuned(db, |serve| { serve.rate_reveal = 1; serve.rate_factor = 2; serve.rate_write = 100; serve.rate_sign_in = 100; }).await;
        let reference = app.public().post(NEEDS, example()).await.expect(201).text_of("reference");
        let worker = app.member("test", Role::CommunityWorker, Some("长丰园"), Some(COMMUNITY)).await;
        let path = format!("{NEEDS}/{reference}/contacts/reveals");
        for _ in 0..2 {
            worker.post(&path, json!({})).await.expect(200);
        }
        assert!(worker.post(&path, json!({})).await.refused(429, "too_many_requests").header("retry-after").parse::<u32>().unwrap() > 600);
        app.stop().await;
    }
}
