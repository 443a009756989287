//! What the audit keeps of sign-ins, and who may read it.

use heli::accounts::model::Role;
use serde_json::json;

journeys! {
    async fn sign_ins_stand_in_the_audit_and_admins_read_it(app) {
        let operator = app.user(Role::Operator).await;
        let wrong = json!({"login": operator.login, "password": "something else"});
        app.public().send("POST", "/sessions", &[], Some(wrong)).await.expect(401);
        let admin = app.user(Role::Admin).await;
        let read = admin.get("/audit").await.expect(200);
        let actions: Vec<_> = read.body["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap()).collect();
        assert_eq!(&actions[..3], ["signed_in", "sign_in_refused", "signed_in"]);
        assert!(!read.text.contains(&operator.login));
        let page = admin.get("/audit?limit=1").await.expect(200);
        let next = admin.get(&format!("/audit?limit=1&cursor={}", page.text_of("next"))).await.expect(200);
        assert_eq!(next.body["items"][0], read.body["items"][1]);
        assert_eq!(admin.get("/audit?limit=101").await.refused(422, "invalid").pointer(), "limit");
        assert_eq!(admin.get("/audit?cursor=00").await.refused(422, "invalid").pointer(), "cursor");
        operator.get("/audit").await.refused(403, "forbidden");
        app.public().get("/audit").await.refused(401, "unauthenticated");
        operator.get("/incidents/test/audit").await.refused(403, "forbidden");
        app.incident("other").await;
        operator.get("/incidents/other/audit").await.refused(404, "not_found");
        operator.get("/incidents/nothing/audit").await.refused(404, "not_found");
        app.public().get("/incidents/other/audit").await.refused(401, "unauthenticated");
        app.public().get("/incidents/nothing/audit").await.refused(401, "unauthenticated");
    }
}
