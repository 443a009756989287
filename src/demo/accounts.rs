//! The accounts of the demo: one for each role, in every scenario; without passwords, so that only the demo's page signs them in.

use crate::accounts::login::Login;
use crate::accounts::model::Role;
use crate::accounts::store;
use crate::crypto::Keyring;
use crate::db::Read;
use crate::error::{Error, Result};

/// One account of the demo.
pub struct DemoAccount {
    /// Its role.
    pub role: Role,
    /// What it is found by.
    pub login: &'static str,
    /// Its invented name.
    pub name: &'static str,
    /// Name of its organisation; none for the desk.
    pub organisation: Option<&'static str>,
}

const fn account(role: Role, login: &'static str, name: &'static str, organisation: Option<&'static str>) -> DemoAccount {
    DemoAccount { role, login, name, organisation }
}

/// All of them, in the order that roles are shown in.
pub const ACCOUNTS: [DemoAccount; 9] = [
    account(Role::CommunityWorker, "demo-community-worker", "演示社区工作者", Some(super::practice::COMMUNITY.1)),
    account(Role::Operator, "demo-operator", "演示核实员", None),
    account(Role::CaseWorker, "demo-case-worker", "演示个案社工", Some("城墙根社会工作服务中心")),
    account(Role::Coordinator, "demo-coordinator", "演示对接专员", Some("雁南邻里互助联合会")),
    account(Role::OrgAdmin, "demo-org-admin", "演示组织管理员", Some("雁南邻里互助联合会")),
    account(Role::Supervisor, "demo-supervisor", "演示督导员", None),
    account(Role::DataOfficer, "demo-data-officer", "演示数据专员", None),
    account(Role::Admin, "demo-admin", "演示管理员", None),
    account(Role::Volunteer, "demo-volunteer", "演示志愿者", Some("青年城志愿服务联盟")),
];

impl DemoAccount {
    /// Its login.
    pub fn login(&self) -> Result<Login> {
        Login::parse(self.login).ok_or_else(|| Error::internal("an account of the demo has no login"))
    }
}

/// Role and row of each account of the demo that is there.
pub fn accounts(r: &mut Read<'_>, keys: &Keyring) -> Result<Vec<(Role, i64)>> {
    let mut found = Vec::new();
    for account in &ACCOUNTS {
        let token = account.login()?.token(keys.platform());
        found.extend(store::by_login(r, &token)?.map(|user| (account.role, user.id)));
    }
    Ok(found)
}
