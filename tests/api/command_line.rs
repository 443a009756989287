//! The command line beside the running server, and the server as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::{PASSWORD, TestApp, blocking};

/// Runs `heli` with something on its standard input.
fn run(app: &TestApp, arguments: &[&str], input: &str) -> Output {
    let mut command = app.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut child, input) = (command.spawn().unwrap(), input.to_owned());
    blocking(move || {
        // A command that refuses its arguments may end before it reads.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    })
}

fn create(app: &TestApp, options: &[&str], password: &str) -> (bool, String) {
    let arguments = [&["user", "create", "--incident", "test", "--password-stdin"], options].concat();
    let output = run(app, &arguments, password);
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

journeys! {
    async fn users_are_created_beside_a_running_server(app) {
        let login = ["--login", "ops@example.org"];
        let (good, first) = create(&app, &[&login[..], &["--role", "operator"]].concat(), PASSWORD);
        assert!(good, "{first}");
        let caller = app.sign_in("ops@example.org").await;
        caller.get("/incidents/test/audit").await.refused(403, "forbidden");
        let (good, again) = create(&app, &[&login[..], &["--role", "operator", "--role", "admin"]].concat(), &format!("{PASSWORD}\n"));
        assert!(good && again == first, "{again}");
        // On SQLite another process can't tell this one: what an account may do is at most five seconds old.
        let began = Instant::now();
        while caller.get("/incidents/test/audit").await.status != 200 {
            assert!(began.elapsed() < Duration::from_secs(7));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let organisation = ["--login", "social", "--role", "coordinator", "--organisation", "义工会"];
        let (good, said) = create(&app, &organisation, PASSWORD);
        assert!(!good && said.contains("heli organisation create"), "{said}");
        let made = run(&app, &["organisation", "create", "义工会", "--kind", "social", "--incident", "test", "--verified"], "");
        assert!(made.status.success(), "{made:?}");
        assert!(create(&app, &organisation, PASSWORD).0);
        let me = app.sign_in("social").await.get("/me").await.expect(200);
        assert_eq!(me.body["incidents"][0]["roles"][0]["role"], "coordinator");
        assert_eq!(me.body["organisations"][0]["name"], "义工会");
    }

    async fn users_are_refused_with_a_reason(app) {
        for (options, password, reason) in [
            (&["--login", "x", "--role", "operator"][..], PASSWORD, "--login"),
            (&["--login", "fine", "--role", "boss"], PASSWORD, "no such role"),
            (&["--login", "fine", "--role", "volunteer"], PASSWORD, "--organisation"),
            (&["--login", "fine", "--role", "operator", "--region", "1"], PASSWORD, "--region"),
            (&["--login", "fine", "--role", "operator"], "short", "fewer than 8"),
        ] {
            let (good, said) = create(&app, options, password);
            assert!(!good && said.contains(reason), "{said}");
        }
        let unknown = run(&app, &["user", "create", "--login", "fine", "--role", "operator", "--incident", "none", "--password-stdin"], PASSWORD);
        assert!(String::from_utf8_lossy(&unknown.stderr).contains("no such incident"), "{unknown:?}");
        let body = json!({"login": "fine", "password": PASSWORD});
        app.public().send("POST", "/sessions", &[], Some(body)).await.refused(401, "bad_credentials");
    }

    async fn the_server_starts_with_a_set_up_link_and_stops_in_order(app) {
        let mut command = app.command(&["serve"]);
        command.env("HELI_LISTEN", "127.0.0.1:0").env("HELI_DRAIN_SECONDS", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (place, link) = blocking(move || (lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap()));
        let place = place.strip_prefix("Heli is at ").unwrap();
        assert!(link.contains(&format!("30 minutes: {place}/setup/")), "{link}");
        assert_eq!(reqwest::get(format!("{place}/readyz")).await.unwrap().status(), 200);
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
        let output = blocking(move || child.wait_with_output().unwrap());
        assert!(output.status.success());
        let log = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
        let answered = lines.iter().find(|line| line["message"] == "answered").unwrap();
        assert_eq!((&answered["route"], &answered["status"]), (&json!("/readyz"), &json!(200)));
        assert_eq!(lines.last().unwrap()["message"], "stopped");
        assert!(!log.contains(link.rsplit('/').next().unwrap()), "the secret is in no log");
    }
}
