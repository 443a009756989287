//! Accounts: set-up, invitations, passwords, roles, and what an admin must not reach.

use heli::accounts::links::service::first_start;
use heli::accounts::model::Role;
use heli::clock::{DAY, MINUTE};
use heli::ids::secret;
use serde_json::{Value, json};

use crate::app::{Caller, PASSWORD, Sent, TestApp, blocking};

const OTHER: &str = "vier Pflaumen am Mittwoch";

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Sent {
    app.public().send("POST", "/sessions", &[], Some(json!({"login": login, "password": password}))).await
}

async fn opened(app: &TestApp, login: &str, password: &str) -> Caller {
    app.public().with_token(&sign_in(app, login, password).await.expect(200).text_of("access_token"))
}

/// The reference of somebody's account, and of the first membership that an admin sees.
async fn of(admin: &Caller, login: &str) -> (String, Value) {
    let all = admin.get("/incidents/test/users?limit=100").await.expect(200);
    let user = all.body["items"].as_array().unwrap().iter().find(|user| user["login"] == login).unwrap_or_else(|| panic!("{}", all.text));
    (user["reference"].as_str().unwrap().to_owned(), user.clone())
}

journeys! {
    async fn the_first_admin_comes_through_a_link_that_works_once(app) {
        let db = app.db.db.clone();
        let link = blocking(move || first_start(&db)).unwrap().expect("nobody administers anything");
        let path = format!("/setup-links/{}", link.token);
        let body = json!({"login": "chief@example.org", "password": OTHER, "incident": {"slug": "flood", "name": "Flood", "zone": "Asia/Shanghai",
            "area": "610113000000", "started_at": "2026-05-01T00:00:00+08:00"}});
        let weak = json!({"login": "chief@example.org", "password": "short", "incident": {"slug": "flood"}});
        assert_eq!(app.public().post(&path, weak).await.refused(422, "invalid").pointer(), "/password");
        let absent = json!({"login": "chief@example.org", "password": OTHER, "incident": {"slug": "flood"}});
        assert_eq!(app.public().post(&path, absent).await.refused(422, "invalid").pointer(), "/incident/name");
        app.public().post(&format!("/setup-links/{}", secret()), body.clone()).await.refused(404, "not_found");
        let key = secret();
        let made = app.public().post_as(&key, &path, body.clone()).await.expect(201);
        assert_eq!(app.public().post_as(&key, &path, body.clone()).await.expect(201).body, made.body);
        app.public().post(&path, body).await.refused(409, "link_used");
        let chief = opened(&app, "chief@example.org", OTHER).await;
        let me = chief.get("/me").await.expect(200).body;
        assert_eq!((&me["incidents"][0]["slug"], &me["incidents"][0]["roles"][0]["role"]), (&json!("flood"), &json!("admin")));
        let db = app.db.db.clone();
        assert!(blocking(move || first_start(&db)).unwrap().is_none());
    }

    async fn a_set_up_link_runs_out(app) {
        let db = app.db.db.clone();
        let link = blocking(move || first_start(&db)).unwrap().unwrap();
        app.db.clock.advance(31 * MINUTE);
        let body = json!({"login": "late@example.org", "password": OTHER, "incident": {"slug": "test"}});
        app.public().post(&format!("/setup-links/{}", link.token), body).await.refused(409, "link_used");
    }

    async fn an_invitation_becomes_a_member_when_a_password_is_chosen(app) {
        let admin = app.user(Role::Admin).await;
        let body = json!({"login": "138 0000 0001", "name": "样例甲", "roles": ["operator"], "region": "610113000000"});
        let invited = admin.post("/incidents/test/users", body.clone()).await.expect(201);
        let (reference, user) = of(&admin, "138****0001").await;
        assert_eq!((reference, &user["memberships"][0]["state"]), (invited.text_of("reference"), &json!("invited")));
        let link = invited.body["password_link"]["link"].as_str().unwrap();
        let path = format!("/password-links/{}", link.rsplit('/').next().unwrap());
        for (password, code) in [("kurz", "too_short"), ("1234567890", "weak_password"), ("+8613800000001", "weak_password")] {
            let sent = app.public().post(&path, json!({"password": password})).await.refused(422, "invalid");
            assert_eq!(sent.body["errors"][0]["code"], code);
        }
        let key = secret();
        app.public().post_as(&key, &path, json!({"password": OTHER})).await.expect(204);
        app.public().post_as(&key, &path, json!({"password": OTHER})).await.expect(204);
        app.public().post(&path, json!({"password": PASSWORD})).await.refused(409, "link_used");
        let member = opened(&app, "13800000001", OTHER).await;
        let me = member.get("/me").await.expect(200).body;
        assert_eq!((&me["login"], &me["name"]), (&json!("+8613800000001"), &json!("样例甲")));
        let roles = json!([{"role": "operator", "organisation": me["organisations"][0]["reference"], "region": "610113000000"}]);
        assert_eq!(me["incidents"], json!([{"slug": "test", "name": "test", "practice": false, "roles": roles}]));
        let again = admin.post("/incidents/test/users", body).await.expect(201);
        assert!(again.body.get("password_link").is_none(), "who has a password gets no link by an invitation");
    }

    async fn invitations_are_checked(app) {
        let admin = app.user(Role::Admin).await;
        for (body, pointer) in [
            (json!({"login": "x", "roles": ["operator"]}), "/login"),
            (json!({"login": "fine", "roles": []}), "/roles"),
            (json!({"login": "fine", "roles": ["boss"]}), "/roles/0"),
            (json!({"login": "fine", "roles": ["operator"], "region": "1"}), "/region"),
            (json!({"login": "fine", "roles": ["operator"], "organisation": "1"}), "/organisation"),
            (json!({"login": "fine", "roles": ["operator"], "organisation": "0000000000"}), "/organisation"),
            (json!({"login": "fine", "roles": ["operator"], "name": "a\nb"}), "/name"),
        ] {
            assert_eq!(admin.post("/incidents/test/users", body).await.refused(422, "invalid").pointer(), pointer);
        }
        sign_in(&app, "fine", OTHER).await.refused(401, "bad_credentials");
    }

    async fn a_changed_password_ends_the_other_sessions(app) {
        app.enrol("mine", "test", Role::Operator, None, None);
        let (here, there) = (opened(&app, "mine", PASSWORD).await, opened(&app, "mine", PASSWORD).await);
        let wrong = json!({"current": "something else", "new": OTHER});
        assert_eq!(here.post("/me/password", wrong).await.refused(422, "invalid").pointer(), "/current");
        assert_eq!(here.post("/me/password", json!({"current": PASSWORD, "new": "kurz"})).await.refused(422, "invalid").pointer(), "/new");
        let (key, good) = (secret(), json!({"current": PASSWORD, "new": OTHER}));
        here.post_as(&key, "/me/password", good.clone()).await.expect(204);
        here.post_as(&key, "/me/password", good).await.expect(204);
        here.get("/me").await.expect(200);
        there.get("/me").await.refused(401, "unauthenticated");
        sign_in(&app, "mine", PASSWORD).await.refused(401, "bad_credentials");
        sign_in(&app, "mine", OTHER).await.expect(200);
    }

    async fn a_reset_link_by_an_admin_ends_every_session(app) {
        let (admin, operator) = (app.user(Role::Admin).await, app.user(Role::Operator).await);
        let (reference, _) = of(&admin, &operator.login).await;
        let path = format!("/incidents/test/users/{reference}/password-link");
        operator.post(&path, json!({})).await.refused(403, "forbidden");
        let first = admin.post(&path, json!({})).await.expect(201);
        let second = admin.post(&path, json!({})).await.expect(201);
        let choose = async |made: &Sent| {
            let token = made.body["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            app.public().post(&format!("/password-links/{token}"), json!({"password": OTHER})).await
        };
        choose(&first).await.refused(404, "not_found");
        operator.get("/me").await.expect(200);
        choose(&second).await.expect(204);
        operator.get("/me").await.refused(401, "unauthenticated");
        sign_in(&app, &operator.login, OTHER).await.expect(200);
        let late = admin.post(&path, json!({})).await.expect(201);
        app.db.clock.advance(3 * DAY);
        choose(&late).await.refused(409, "link_used");
    }

    async fn what_an_account_may_do_changes_at_once(app) {
        let (admin, operator) = (app.user(Role::Admin).await, app.user(Role::Operator).await);
        let (reference, user) = of(&admin, &operator.login).await;
        operator.get("/incidents/test/audit").await.refused(403, "forbidden");
        let membership = &user["memberships"][0];
        let path = format!("/incidents/test/memberships/{}/grants", membership["reference"].as_str().unwrap());
        let wanted = json!({"grants": [{"role": "operator"}, {"role": "admin"}]});
        let changed = admin.put(&path, 1, wanted.clone()).await.expect(200);
        assert_eq!(changed.body["memberships"][0]["version"], 2);
        admin.put(&path, 1, wanted).await.refused(412, "stale");
        operator.get("/incidents/test/audit").await.expect(200);
        admin.put(&path, 2, json!({"grants": []})).await.expect(200);
        operator.get("/incidents/test/audit").await.refused(404, "not_found");
        admin.put(&path, 3, json!({"grants": [{"role": "operator"}]})).await.expect(200);
        let state = format!("/incidents/test/users/{reference}/state");
        admin.put(&state, 1, json!({"state": "active"})).await.refused(409, "state_unchanged");
        admin.put(&state, 1, json!({"state": "suspended"})).await.expect(200);
        operator.get("/me").await.refused(401, "unauthenticated");
        sign_in(&app, &operator.login, PASSWORD).await.refused(401, "bad_credentials");
        admin.put(&state, 2, json!({"state": "active"})).await.expect(200);
        let operator = opened(&app, &operator.login, PASSWORD).await;
        operator.get("/incidents/test/audit").await.refused(403, "forbidden");
        let path = format!("/incidents/test/memberships/{}", membership["reference"].as_str().unwrap());
        admin.delete(&path, 4).await.expect(204);
        operator.get("/incidents/test/audit").await.refused(404, "not_found");
        admin.delete(&path, 5).await.refused(409, "state_unchanged");
        let actions = admin.get("/incidents/test/audit").await.expect(200).text;
        for action in ["account_invited", "grants_changed", "account_state_changed", "membership_ended"] {
            assert!(actions.contains(action), "{action}: {actions}");
        }
    }

    async fn the_last_admin_stays(app) {
        let admin = app.user(Role::Admin).await;
        let (reference, user) = of(&admin, &admin.login).await;
        let membership = user["memberships"][0]["reference"].as_str().unwrap().to_owned();
        let state = format!("/incidents/test/users/{reference}/state");
        let grants = format!("/incidents/test/memberships/{membership}/grants");
        let itself = format!("/incidents/test/memberships/{membership}");
        admin.put(&state, 1, json!({"state": "suspended"})).await.refused(409, "last_admin");
        admin.put(&grants, 1, json!({"grants": []})).await.refused(409, "last_admin");
        admin.delete(&itself, 1).await.refused(409, "last_admin");
        let second = app.user(Role::Admin).await;
        let (other, _) = of(&admin, &second.login).await;
        // Two who would put each other out at once: one stays.
        let others = format!("/incidents/test/users/{other}/state");
        let (first, second) = tokio::join!(
            admin.put(&others, 1, json!({"state": "suspended"})),
            second.put(&state, 1, json!({"state": "suspended"})),
        );
        assert_eq!([first.status, second.status].iter().filter(|status| **status == 200).count(), 1, "{first:?} {second:?}");
    }

    async fn nobody_reaches_beyond_what_they_administer(app) {
        app.incident("other").await;
        let admin = app.user(Role::Admin).await;
        let elsewhere = app.member("other", Role::Operator, None, None).await;
        let there = app.member("other", Role::Admin, None, None).await;
        let all = there.get("/incidents/other/users").await.expect(200);
        let unknown = all.body["items"][0]["reference"].as_str().unwrap().to_owned();
        admin.get(&format!("/incidents/test/users/{unknown}")).await.refused(404, "not_found");
        admin.get("/incidents/other/users").await.refused(404, "not_found");
        admin.post(&format!("/incidents/test/users/{unknown}/password-link"), json!({})).await.refused(404, "not_found");
        app.enrol(&elsewhere.login, "test", Role::Operator, None, None);
        let (both, user) = of(&admin, &elsewhere.login).await;
        admin.post(&format!("/incidents/test/users/{both}/password-link"), json!({})).await.refused(409, "holds_roles_elsewhere");
        let suspend = format!("/incidents/test/users/{both}/state");
        admin.put(&suspend, 1, json!({"state": "suspended"})).await.refused(409, "holds_roles_elsewhere");
        let membership = user["memberships"][0]["reference"].as_str().unwrap();
        admin.delete(&format!("/incidents/test/memberships/{membership}"), 1).await.expect(204);
        elsewhere.get("/me").await.expect(200);
        // An account that waits for its first password in another incident: the link comes from there alone.
        let waiting = json!({"login": "waiting@example.org", "roles": ["admin"]});
        assert!(there.post("/incidents/other/users", waiting.clone()).await.expect(201).body.get("password_link").is_some());
        assert!(admin.post("/incidents/test/users", waiting).await.expect(201).body.get("password_link").is_none());
    }

    async fn an_organisations_administrator_stays_inside_it(app) {
        let admin = app.user(Role::Admin).await;
        let head = app.member("test", Role::OrgAdmin, Some("义工会"), None).await;
        let member = app.member("test", Role::Volunteer, Some("义工会"), None).await;
        let stranger = app.member("test", Role::Coordinator, Some("别会"), None).await;
        let seen = head.get("/incidents/test/users").await.expect(200);
        let logins: Vec<&str> = seen.body["items"].as_array().unwrap().iter().map(|user| user["login"].as_str().unwrap()).collect();
        assert_eq!(logins, [&head.login, &member.login]);
        let (stranger_reference, stranger_user) = of(&admin, &stranger.login).await;
        head.get(&format!("/incidents/test/users/{stranger_reference}")).await.refused(404, "not_found");
        let others = stranger_user["memberships"][0]["reference"].as_str().unwrap();
        head.put(&format!("/incidents/test/memberships/{others}/grants"), 1, json!({"grants": []})).await.refused(404, "not_found");
        head.delete(&format!("/incidents/test/memberships/{others}"), 1).await.refused(404, "not_found");
        let (reference, user) = of(&admin, &member.login).await;
        let organisation = user["memberships"][0]["organisation"].clone();
        for (role, status) in [("coordinator", 201), ("operator", 422), ("admin", 422)] {
            let body = json!({"login": format!("new-{role}"), "roles": [role], "organisation": organisation});
            head.post("/incidents/test/users", body).await.expect(status);
        }
        head.post("/incidents/test/users", json!({"login": "desk-one", "roles": ["coordinator"]})).await.expect(422);
        head.post(&format!("/incidents/test/users/{reference}/password-link"), json!({})).await.expect(201);
        head.post(&format!("/incidents/test/users/{stranger_reference}/password-link"), json!({})).await.refused(404, "not_found");
        app.enrol(&member.login, "test", Role::Admin, Some("义工会"), None);
        head.post(&format!("/incidents/test/users/{reference}/password-link"), json!({})).await.refused(409, "holds_roles_elsewhere");
        let path = format!("/incidents/test/memberships/{}/grants", user["memberships"][0]["reference"].as_str().unwrap());
        head.put(&path, 1, json!({"grants": []})).await.refused(403, "forbidden");
        head.put(&format!("/incidents/test/users/{reference}/state"), 1, json!({"state": "suspended"})).await.refused(403, "forbidden");
    }
}
