//! Journeys through the pages, as a browser without script walks them.

use heli::accounts::model::Role;
use reqwest::{Client, Response, header, redirect};
use serde_json::json;

use crate::app::{PASSWORD, TestApp};
use crate::needs::need;

/// A browser that keeps what it was given.
struct Browser {
    http: Client,
    base: String,
    cookies: String,
}

/// What it got.
struct Seen {
    status: u16,
    location: String,
    text: String,
}

impl Browser {
    fn new(app: &TestApp) -> Browser {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
        Browser { http, base: format!("http://{}", app.address), cookies: String::new() }
    }

    async fn open(&mut self, path: &str) -> Seen {
        let request = self.http.get(format!("{}{path}", self.base)).header(header::ACCEPT, "text/html,*/*;q=0.8");
        self.seen(request.header(header::COOKIE, &self.cookies).send().await.unwrap()).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Seen {
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.http.post(format!("{}{path}", self.base)).header(header::ORIGIN, &self.base).body(body.join("&"));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.seen(request.header(header::COOKIE, &self.cookies).send().await.unwrap()).await
    }

    async fn seen(&mut self, response: Response) -> Seen {
        let set: Vec<String> = response.headers().get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap().to_owned()).collect();
        if !set.is_empty() {
            self.cookies = set.iter().map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ");
        }
        let location = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        Seen { status: response.status().as_u16(), location, text: response.text().await.unwrap() }
    }

    async fn sign_in(&mut self, login: &str, password: &str, next: &str) -> Seen {
        self.post("/sign-in?lang=en", &[("login", login), ("password", password), ("next", next)]).await
    }
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Seen {
    #[track_caller]
    fn shows(&self, status: u16, words: &[&str]) {
        assert_eq!(self.status, status, "{}", self.text);
        for word in words {
            assert!(self.text.contains(word), "{word} is not in {}", self.text);
        }
    }
}

journeys! {
    async fn the_figures_stand_as_of_any_instant_in_both_languages(app) {
        let mut anybody = Browser::new(&app);
        app.public().post("/incidents/test/needs", need(json!({}))).await.expect(201);
        anybody.open("/").await.shows(200, &["<html lang=\"zh-CN\">", "收集需求信息", "<strong>1</strong> 项", "lang=en"]);
        anybody.open("/i/test?lang=en").await.shows(200, &["<html lang=\"en\">", "Needs collected", "<strong>1</strong> needs"]);
        let then = anybody.open("/i/test?lang=en&at=1999-12-31T23:59").await;
        then.shows(200, &["1999-12-31 23:59", "<strong>0</strong> needs", "at=1999-12-31T23%3A59&amp;lang=zh-CN"]);
        let wrong = anybody.open("/i/test?lang=en&at=yesterday").await;
        wrong.shows(422, &["value=\"yesterday\"", "“yesterday” is not a time", "<title>Error: ", "type=\"text\""]);
        anybody.open("/i/test?at=2999-01-01T00:00").await.shows(422, &["不是有效的时间"]);
    }

    async fn what_is_not_there_or_not_open_is_a_page(app) {
        let mut anybody = Browser::new(&app);
        app.incident("hidden").await;
        let admin = app.member("hidden", Role::Admin, None, None).await;
        let version = admin.get("/incidents/hidden").await.expect(200).body["version"].as_i64().unwrap();
        admin.patch("/incidents/hidden", version, json!({"public_figures": "none"})).await.expect(200);
        let hidden = anybody.open("/i/hidden?lang=en").await;
        hidden.shows(404, &["does not exist or is not open to you"]);
        let nothing = anybody.open("/i/nothing?lang=en").await;
        assert_eq!(hidden.text.replace("hidden?", "?"), nothing.text.replace("nothing?", "?"));
        anybody.open("/nowhere/at/all").await.shows(404, &["页面不存在，或未对您开放"]);
        anybody.open("/api/v1/nowhere").await.shows(404, &["\"code\":\"not_found\""]);
        app.public().get("//nowhere").await.refused(404, "not_found");
        anybody.open("/demo").await.shows(404, &["页面不存在"]);
        anybody.post("/demo/operator", &[]).await.shows(404, &["页面不存在"]);
    }

    async fn staff_signs_in_and_reads_needs(app) {
        let (operator, mut browser) = (app.user(Role::Operator).await, Browser::new(&app));
        let reference = app.public().post("/incidents/test/needs", need(json!({}))).await.expect(201).text_of("reference");
        let closed = browser.open("/i/test/needs?lang=en").await;
        assert_eq!((closed.status, closed.location.as_str()), (303, "/sign-in?next=%2Fi%2Ftest%2Fneeds&lang=en"));
        browser.sign_in(&operator.login, "not this one", "").await.shows(401, &["Login or password is wrong", &operator.login]);
        browser.open("/sign-in?next=/i/test/needs&lang=en").await.shows(200, &["Please sign in first", "value=\"&#x2f;i&#x2f;test&#x2f;needs\""]);
        let path = format!("/i/test/needs/{reference}");
        assert_eq!(browser.sign_in(&operator.login, PASSWORD, &path).await.location, format!("{path}?lang=en"));
        browser.open(&format!("{path}?lang=en")).await.shows(200, &[&reference, "Phone follow-up", "大米", "<strong>Submitted</strong>"]);
        let list = browser.open("/i/test/needs?lang=en&stage=collected").await;
        list.shows(200, &[&reference, "钱*", "138****1111", "aria-current=\"page\">Needs"]);
        assert!(!list.text.contains("13800001111") && !list.text.contains("钱一"));
        browser.open("/i/test/needs?lang=en&stage=closed").await.shows(200, &["No need fits"]);
        browser.open("/i/test/needs?stage=nonsense").await.shows(404, &["页面不存在"]);
        browser.open("/i/test/needs/0000000000").await.shows(404, &["页面不存在"]);
        assert_eq!(browser.post("/sign-out?lang=en", &[]).await.location, "/?lang=en");
        assert_eq!(browser.open("/i/test/needs").await.status, 303);
    }

    async fn pages_of_a_long_list_follow_one_another(app) {
        let (operator, mut browser) = (app.user(Role::Operator).await, Browser::new(&app));
        for _ in 0..21 {
            app.public().post("/incidents/test/needs", need(json!({}))).await.expect(201);
        }
        assert_eq!(browser.sign_in(&operator.login, PASSWORD, "//elsewhere.example").await.location, "/i/test/needs?lang=en");
        let first = browser.open("/i/test/needs?lang=en").await;
        assert_eq!(first.text.matches("138****1111").count(), 20);
        let next = first.text.split("href=\"").find(|rest| rest.contains("cursor=") && rest.contains("Next page")).unwrap();
        let next = next.split('"').next().unwrap().replace("&amp;", "&");
        let second = browser.open(&format!("/i/test/needs{next}")).await;
        assert_eq!(second.text.matches("138****1111").count(), 1);
        assert!(!second.text.contains("Next page"));
    }

    async fn a_password_is_chosen_through_a_link_that_works_once(app) {
        let (admin, operator) = (app.user(Role::Admin).await, app.user(Role::Operator).await);
        let me = operator.get("/me").await.expect(200).text_of("reference");
        let link = admin.post(&format!("/incidents/test/users/{me}/password-link"), json!({})).await.expect(201).text_of("link");
        let mut browser = Browser::new(&app);
        for _ in 0..2 {
            browser.open(&format!("{link}?lang=en")).await.shows(200, &["Save the password"]);
        }
        browser.post(&format!("{link}?lang=en"), &[("password", "1234567890")]).await.shows(422, &["too short or too common"]);
        let chosen = "vier Birnen am Mittwoch";
        let done = browser.post(&format!("{link}?lang=en"), &[("password", chosen)]).await;
        assert_eq!((done.status, done.location.as_str()), (303, "/sign-in?done=password&lang=en"));
        browser.open(&format!("{link}?lang=en")).await.shows(410, &["has run out or was used"]);
        assert_eq!(browser.sign_in(&operator.login, chosen, "").await.location, "/i/test/needs?lang=en");
        browser.open("/password/NOSUCHTOKEN?lang=en").await.shows(410, &["has run out or was used"]);
        browser.open("/setup/NOSUCHTOKEN?lang=en").await.shows(410, &["has run out or was used"]);
    }
}
