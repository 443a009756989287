//! Incidents, regions and organisations through the API.

use heli::accounts::model::Role;
use serde_json::{Value, json};

fn names(body: &Value, member: &str) -> Vec<String> {
    body["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

fn incident(slug: &str) -> Value {
    json!({"slug": slug, "name": "暴雨", "zone": "Asia/Shanghai", "area": "610113000000", "started_at": "2026-05-31T08:00:00+08:00"})
}

journeys! {
    async fn who_creates_an_incident_is_its_first_admin(app) {
        let admin = app.user(Role::Admin).await;
        let created = admin.post("/incidents", incident("storm")).await.expect(201);
        assert_eq!((created.body["version"].as_i64(), created.body["cut_off_hour"].as_i64()), (Some(1), Some(19)));
        assert_eq!(created.body["area"]["full_name"], "陕西省西安市雁塔区");
        assert_eq!((created.text_of("public_figures"), created.text_of("started_at")), ("none".into(), "2026-05-31T08:00:00+08:00".into()));
        let closed = admin.patch("/incidents/storm", 1, json!({"state": "closed"})).await.expect(200);
        assert_eq!((closed.text_of("state"), closed.header("etag")), ("closed".into(), "\"2\""));
        admin.patch("/incidents/storm", 1, json!({"state": "active"})).await.refused(412, "stale");
        admin.patch("/incidents/storm", 2, json!({"state": "closed"})).await.refused(409, "nothing_to_change");
        admin.post("/incidents", incident("storm")).await.refused(409, "slug_taken");
        assert_eq!(names(&admin.get("/incidents").await.body, "slug"), ["storm", "test"]);
        let other = app.user(Role::Operator).await;
        assert_eq!(names(&other.get("/incidents").await.body, "slug"), ["test"]);
        other.get("/incidents/storm").await.refused(404, "not_found");
        other.patch("/incidents/storm", 2, json!({"name": "x"})).await.refused(404, "not_found");
        other.patch("/incidents/test", 1, json!({"name": "x"})).await.refused(403, "forbidden");
        other.post("/incidents", incident("other")).await.refused(403, "forbidden");
        app.public().post("/incidents", incident("other")).await.refused(401, "unauthenticated");
    }

    async fn wrong_fields_of_an_incident_are_named(app) {
        let admin = app.user(Role::Admin).await;
        for (member, value, pointer) in [
            ("slug", json!("Storm"), "/slug"),
            ("name", json!(" "), "/name"),
            ("name", json!("长".repeat(81)), "/name"),
            ("zone", json!("Asia/Xian"), "/zone"),
            ("area", json!("999999999999"), "/area"),
            ("started_at", json!("yesterday"), "/started_at"),
            ("started_at", json!("2099-01-01T00:00:00Z"), "/started_at"),
            ("cut_off_hour", json!(24), "/cut_off_hour"),
            ("public_figures", json!("all"), "/public_figures"),
            ("demo", json!(true), "/demo"),
        ] {
            let mut body = incident("storm");
            body[member] = value;
            assert_eq!(admin.post("/incidents", body).await.refused(422, "invalid").pointer(), pointer);
        }
        assert_eq!(names(&admin.get("/incidents").await.body, "slug"), ["test"]);
    }

    async fn the_public_knows_an_incident_by_its_figures_or_its_intake(app) {
        let admin = app.user(Role::Admin).await;
        let public = app.public();
        public.get("/incidents/test").await.expect(200);
        admin.patch("/incidents/test", 1, json!({"public_figures": "none"})).await.expect(200);
        public.get("/incidents/test").await.expect(200);
        assert_eq!(names(&public.get("/incidents").await.body, "slug"), [""; 0]);
        admin.patch("/incidents/test", 2, json!({"intake": "paused", "intake_text": "请拨打12345"})).await.expect(200);
        let hidden = public.get("/incidents/test").await.refused(404, "not_found");
        let nothing = public.get("/incidents/nothing").await.refused(404, "not_found");
        assert_eq!(hidden.body["detail"], nothing.body["detail"]);
        assert_eq!(admin.get("/incidents/test").await.expect(200).text_of("intake_text"), "请拨打12345");
    }

    async fn regions_are_found_and_walked(app) {
        let public = app.public();
        let found = public.get("/regions?q=长丰园村委会").await.expect(200);
        assert_eq!(found.body["items"][0]["full_name"], "陕西省西安市雁塔区长延堡街道长丰园社区居委会");
        assert_eq!(names(&public.get("/regions?q=610113003020").await.body, "code"), ["610113003020"]);
        assert_eq!(names(&public.get("/regions?q=%25").await.body, "code"), [""; 0]);
        let near = public.get("/regions?q=东关社区&near=610115001001&limit=1").await.expect(200);
        assert_eq!(near.body["items"][0]["district"], "610115000000");
        for (query, pointer) in [("", "q"), ("?q=x&limit=21", "limit"), ("?q=x&limit=0", "limit"), ("?q=x&or=1", "or")] {
            assert_eq!(public.get(&format!("/regions{query}")).await.refused(422, "invalid").pointer(), pointer);
        }
        let long = format!("/regions?q={}", "长".repeat(61));
        assert_eq!(public.get(&long).await.refused(422, "invalid").pointer(), "q");
        let mut seen = Vec::new();
        let mut page = public.get("/regions/610100000000?limit=5").await.expect(200).body;
        assert_eq!(page["parent"], "610000000000");
        loop {
            seen.extend(names(&page["children"], "code"));
            let Some(next) = page["children"]["next"].as_str() else { break };
            page = public.get(&format!("/regions/610100000000?limit=5&cursor={next}")).await.expect(200).body;
        }
        assert_eq!(seen.len(), 13);
        assert!(seen.is_sorted());
        public.get("/regions/999999999999").await.refused(404, "not_found");
    }

    async fn an_organisation_is_verified_and_suspended_with_effect_on_its_members(app) {
        let admin = app.user(Role::Admin).await;
        let new = json!({"name": "长丰园社区", "kind": "community", "region": "610113003020", "credit_code": "５５６１０１１３mft000024l"});
        let created = admin.post("/organisations", new.clone()).await.expect(201);
        assert_eq!((created.text_of("state"), created.text_of("credit_code")), ("pending".into(), "55610113MFT000024L".into()));
        let path = format!("/organisations/{}", created.text_of("reference"));
        admin.post("/organisations", new).await.refused(422, "invalid");
        admin.post("/organisations", json!({"name": "长丰园社区", "kind": "social", "region": "610113003020"})).await.refused(409, "name_taken");
        let joined = json!({"organisation": created.text_of("reference")});
        admin.post("/incidents/test/organisations", joined.clone()).await.expect(201);
        admin.put(&format!("{path}/state"), 1, json!({"state": "verified"})).await.expect(200);

        let worker = app.member("test", Role::CommunityWorker, Some("长丰园社区"), None).await;
        let member_of_test = async |expected| {
            // Figures and intake hidden, only who takes part knows the incident.
            worker.get("/incidents/test").await.expect(expected);
        };
        admin.patch("/incidents/test", 1, json!({"public_figures": "none", "intake": "paused"})).await.expect(200);
        member_of_test(200).await;
        admin.put(&format!("{path}/state"), 2, json!({"state": "suspended"})).await.expect(200);
        member_of_test(404).await;
        admin.put(&format!("{path}/state"), 2, json!({"state": "verified"})).await.refused(412, "stale");
        admin.put(&format!("{path}/state"), 3, json!({"state": "verified"})).await.expect(200);
        member_of_test(200).await;
        admin.put(&format!("{path}/state"), 4, json!({"state": "pending"})).await.refused(409, "state_unchanged");

        let renamed = admin.patch(&path, 4, json!({"name": "长丰园社区居委会"})).await.expect(200);
        assert_eq!((renamed.text_of("name"), renamed.body["version"].as_i64()), ("长丰园社区居委会".into(), Some(5)));
        assert_eq!(admin.patch(&path, 5, json!({"credit_code": "55610113MFT000024M"})).await.refused(422, "invalid").pointer(), "/credit_code");
        assert_eq!(names(&admin.get("/incidents/test/organisations?kind=community").await.body, "name"), ["长丰园社区居委会"]);
        assert_eq!(names(&admin.get("/organisations?state=pending").await.body, "name"), [""; 0]);
        let audited = admin.get("/incidents/test/audit?action=organisation_changed").await.expect(200);
        assert_eq!(audited.body["items"][0]["subject"], created.body["reference"]);
    }

    async fn the_last_admin_of_an_incident_is_not_shut_out(app) {
        let admin = app.user(Role::Admin).await;
        let desks = admin.get("/organisations?kind=desk").await.expect(200);
        let desk = desks.body["items"][0]["reference"].as_str().unwrap().to_owned();
        admin.put(&format!("/organisations/{desk}/state"), 1, json!({"state": "suspended"})).await.refused(409, "last_admin");
    }

    async fn organisations_are_an_admins_matter(app) {
        let operator = app.user(Role::Operator).await;
        let admin = app.user(Role::Admin).await;
        let reference = admin.get("/organisations").await.body["items"][0]["reference"].as_str().unwrap().to_owned();
        let path = format!("/organisations/{reference}");
        for caller in [&operator, &app.public()] {
            let (status, code) = if caller.token.is_some() { (403, "forbidden") } else { (401, "unauthenticated") };
            caller.get("/organisations").await.refused(status, code);
            caller.get(&path).await.refused(status, code);
            caller.post("/organisations", json!({"name": "x", "kind": "social"})).await.refused(status, code);
            caller.patch(&path, 1, json!({"name": "x"})).await.refused(status, code);
            caller.put(&format!("{path}/state"), 1, json!({"state": "suspended"})).await.refused(status, code);
            caller.post("/incidents/test/organisations", json!({"organisation": reference})).await.refused(status, code);
        }
        operator.get("/incidents/test/organisations").await.expect(200);
        admin.get("/organisations/0000000000").await.refused(404, "not_found");
        admin.get("/organisations/nothing").await.refused(404, "not_found");
        let unknown = admin.post("/incidents/test/organisations", json!({"organisation": "nothing"})).await.refused(422, "invalid");
        assert_eq!(unknown.pointer(), "/organisation");
    }
}
