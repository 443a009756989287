//! Submitting.

use heli::accounts::model::Role;
use serde_json::{Value, json};

use super::need;
use crate::app::{Caller, Sent};

const NEEDS: &str = "/incidents/test/needs";

fn errors(sent: Sent) -> Vec<(String, String)> {
    let sent = sent.refused(422, "invalid");
    let text = |error: &Value, member: &str| error[member].as_str().unwrap().to_owned();
    sent.body["errors"].as_array().unwrap().iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
}

async fn wrong(caller: &Caller, body: Value, pointer: &str, code: &str) {
    let sent = caller.post(NEEDS, body.clone()).await;
    assert_eq!(errors(sent), [(pointer.to_owned(), code.to_owned())], "{body}");
}

journeys! {
    async fn anybody_submits_and_gets_a_secret_link(app) {
        let public = app.public();
        let sent = public.post_as("0123456789abcdefghij", NEEDS, need(json!({}))).await.expect(201);
        assert_eq!((sent.text_of("stage").as_str(), sent.text_of("reference").len()), ("collected", 10));
        let link = sent.text_of("secret_link");
        assert_eq!(link.rsplit('/').next().unwrap().len(), 26);
        assert_eq!(sent.header("cache-control"), "no-store");
        let again = public.post_as("0123456789abcdefghij", NEEDS, need(json!({}))).await.expect(201);
        assert_eq!(again.body, sent.body);
        public.post_as("0123456789abcdefghij", NEEDS, need(json!({"urgency": "high"}))).await.refused(422, "idempotency_key_reused");
        public.send("POST", NEEDS, &[], Some(need(json!({})))).await.refused(400, "idempotency_key_missing");
        app.public().post("/incidents/nothing/needs", need(json!({}))).await.refused(404, "not_found");

        let part = |item: &str| json!({"category": "food", "region": null, "urgency": "high", "people": {"count": 2},
            "lines": [{"item": item, "quantity": 2, "unit": "份"}], "description": ""});
        let contacts = json!([{"role": "relative", "name": "赵", "phone": "029-80000000", "flags": ["call_first"]}]);
        let body = json!({"contacts": contacts, "needs": [part("热餐"), part("牛奶")]});
        let sent = public.post("/incidents/test/submissions", body).await.expect(201);
        assert_eq!(sent.body["needs"].as_array().unwrap().len(), 2);
        assert!(sent.body["needs"][0]["reference"].is_string() && sent.body["secret_link"].is_string());
    }

    async fn staff_submits_with_its_account(app) {
        let operator = app.user(Role::Operator).await;
        let sent = operator.post(NEEDS, need(json!({"source": "paper"}))).await.expect(201);
        assert!(sent.body["secret_link"].is_null());
        let supervisor = app.user(Role::Supervisor).await;
        let sent = supervisor.post(NEEDS, need(json!({}))).await.expect(201);
        assert!(sent.body["secret_link"].is_string(), "whoever has no role for it submits as everybody may");
        let forged = operator.with_token("eyJhbGciOiJIUzI1NiJ9.e30.x");
        forged.post(NEEDS, need(json!({}))).await.refused(401, "unauthenticated");
    }

    async fn each_bad_field_is_named(app) {
        let public = app.public();
        let line = |change: Value| {
            let mut line = json!({"item": "大米", "quantity": 1, "unit": "袋"});
            change.as_object().unwrap().iter().for_each(|(member, value)| line[member] = value.clone());
            need(json!({"lines": [line]}))
        };
        for (body, pointer, code) in [
            (need(json!({"colour": "red"})), "/colour", "unknown_field"),
            (need(json!({"category": "rice"})), "/category", "unknown"),
            (need(json!({"urgency": 1})), "/urgency", "wrong_type"),
            (need(json!({"region": "610199999999"})), "/region", "not_a_region"),
            (need(json!({"region": 610113003020i64})), "/region", "wrong_type"),
            (need(json!({"lines": []})), "/lines", "empty"),
            (need(json!({"people": {"count": -1}})), "/people/count", "too_small"),
            (need(json!({"people": {"count": 1, "groups": ["poor"]}})), "/people/groups/0", "unknown"),
            (need(json!({"contacts": [{"role": "person", "name": "a", "phone": "12345"}]})), "/contacts/0/phone", "not_a_phone"),
            (need(json!({"contacts": [{"role": "person", "phone": "13800001111"}]})), "/contacts/0/name", "missing"),
            (need(json!({"description": "a\u{0}b"})), "/description", "control_character"),
            (need(json!({"description": "长".repeat(2001)})), "/description", "too_long"),
            (need(json!({"occurred_at": "2026-02-30T00:00:00Z"})), "/occurred_at", "not_a_time"),
            (need(json!({"source": "phone"})), "/source", "inconsistent"),
            (line(json!({"quantity": 0})), "/lines/0/quantity", "too_small"),
            (line(json!({"quantity": 1e12})), "/lines/0/quantity", "wrong_type"),
            (line(json!({"quantity": 1_000_001})), "/lines/0/quantity", "too_large"),
            (line(json!({"quantity": "1"})), "/lines/0/quantity", "wrong_type"),
            (line(json!({"unit": "furlong"})), "/lines/0/unit", "unknown"),
            (line(json!({"item": "米\u{202e}"})), "/lines/0/item", "bidi_character"),
            (line(json!({"needed_by": "soon"})), "/lines/0/needed_by", "not_a_time"),
        ] {
            if pointer == "/occurred_at" {
                wrong(&app.user(Role::Operator).await, body, pointer, code).await;
            } else {
                wrong(&public, body, pointer, code).await;
            }
        }
        let mut missing = need(json!({}));
        missing.as_object_mut().unwrap().remove("people");
        wrong(&public, missing, "/people", "missing").await;
        let both = need(json!({"lines": [{"item": "", "quantity": 0, "unit": "x"}], "contacts": []}));
        assert_eq!(errors(public.post(NEEDS, both).await).len(), 4);
    }
}
