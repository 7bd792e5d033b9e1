//! The template's branch tree and staff: small, fixed, one person per role.

use diesel::ExpressionMethods;
use diesel_async::RunQueryDsl;
use platform::{
    Clock, Role, Scope,
    clock::uuid_v7,
    database, passwords,
    schema::{branches, business_days, staff},
};
use uuid::Uuid;

/// Everybody's password.
pub const PASSWORD: &str = "Cardea-2026";

/// The template's branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    HeadOffice,
    Hangzhou,
    Qianjiang,
    Xixi,
    Ningbo,
    Yinzhou,
}

impl Place {
    const ALL: [Self; 6] =
        [Self::HeadOffice, Self::Hangzhou, Self::Qianjiang, Self::Xixi, Self::Ningbo, Self::Yinzhou];

    pub fn id(self) -> Uuid {
        uuid_v7(crate::app::start_of_time(), 1_000 + self as u128)
    }

    fn row(self) -> (&'static str, &'static str, &'static str, Option<Self>) {
        match self {
            Self::HeadOffice => ("HQ", "总行", "head_office", None),
            Self::Hangzhou => ("HZ", "杭州分行", "city", Some(Self::HeadOffice)),
            Self::Qianjiang => ("HZ01", "钱江新城支行", "branch", Some(Self::Hangzhou)),
            Self::Xixi => ("HZ02", "西溪支行", "branch", Some(Self::Hangzhou)),
            Self::Ningbo => ("NB", "宁波分行", "city", Some(Self::HeadOffice)),
            Self::Yinzhou => ("NB01", "鄞州支行", "branch", Some(Self::Ningbo)),
        }
    }
}

/// Somebody who works in the template's bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Someone {
    pub staff_no: &'static str,
    pub role: Role,
    pub scope: Scope,
    pub place: Place,
}

impl Someone {
    pub const TELLER: Self =
        Self { staff_no: "T0001", role: Role::Teller, scope: Scope::Branch, place: Place::Qianjiang };
    pub const TELLER_OF_YINZHOU: Self =
        Self { staff_no: "T0002", role: Role::Teller, scope: Scope::Branch, place: Place::Yinzhou };
    pub const MANAGER: Self = Self {
        staff_no: "R0001",
        role: Role::RelationshipManager,
        scope: Scope::Branch,
        place: Place::Qianjiang,
    };
    pub const OWN_MANAGER: Self = Self {
        staff_no: "R0002",
        role: Role::RelationshipManager,
        scope: Scope::Own,
        place: Place::Qianjiang,
    };
    pub const AGENT: Self =
        Self { staff_no: "S0001", role: Role::ServiceAgent, scope: Scope::Bank, place: Place::HeadOffice };
    pub const RISK_OFFICER: Self =
        Self { staff_no: "K0001", role: Role::RiskOfficer, scope: Scope::SubTree, place: Place::Hangzhou };
    pub const RISK_MANAGER: Self =
        Self { staff_no: "K0002", role: Role::RiskManager, scope: Scope::Bank, place: Place::HeadOffice };
    pub const MARKETER: Self =
        Self { staff_no: "M0001", role: Role::Marketer, scope: Scope::SubTree, place: Place::Hangzhou };
    pub const MARKETING_MANAGER: Self = Self {
        staff_no: "M0002",
        role: Role::MarketingManager,
        scope: Scope::Bank,
        place: Place::HeadOffice,
    };
    pub const BRANCH_MANAGER: Self =
        Self { staff_no: "B0001", role: Role::BranchManager, scope: Scope::SubTree, place: Place::Qianjiang };
    pub const AUDITOR: Self =
        Self { staff_no: "U0001", role: Role::Auditor, scope: Scope::Bank, place: Place::HeadOffice };
    pub const ADMIN: Self =
        Self { staff_no: "A0001", role: Role::Admin, scope: Scope::Bank, place: Place::HeadOffice };

    /// Everybody, once.
    pub const ALL: [Self; 12] = [
        Self::TELLER,
        Self::TELLER_OF_YINZHOU,
        Self::MANAGER,
        Self::OWN_MANAGER,
        Self::AGENT,
        Self::RISK_OFFICER,
        Self::RISK_MANAGER,
        Self::MARKETER,
        Self::MARKETING_MANAGER,
        Self::BRANCH_MANAGER,
        Self::AUDITOR,
        Self::ADMIN,
    ];

    /// One person of each role.
    pub fn of_each_role() -> impl Iterator<Item = Self> {
        Role::ALL.iter().filter_map(|role| Self::ALL.into_iter().find(|someone| someone.role == *role))
    }

    pub fn id(self) -> Uuid {
        let at = Self::ALL.iter().position(|other| other.staff_no == self.staff_no).unwrap_or(0);
        uuid_v7(crate::app::start_of_time(), 2_000 + at as u128)
    }
}

/// Writes the tree and the staff into the template.
pub(crate) async fn settle(owner_url: &str, clock: &Clock) {
    let conn = database::connect_once(owner_url).await.expect("connect");
    let now = clock.now();
    for place in Place::ALL {
        let (code, name, kind, parent) = place.row();
        diesel::insert_into(branches::table)
            .values((
                (
                    branches::branch_id.eq(place.id()),
                    branches::code.eq(code),
                    branches::name.eq(name),
                    branches::kind.eq(kind),
                ),
                (
                    branches::parent_id.eq(parent.map(Place::id)),
                    branches::is_open.eq(true),
                    branches::version.eq(1_i64),
                ),
                (branches::created_at.eq(now), branches::updated_at.eq(now)),
            ))
            .execute(&mut &conn)
            .await
            .expect("a branch");
    }
    let hash = passwords::hash(PASSWORD).expect("hash");
    for someone in Someone::ALL {
        diesel::insert_into(staff::table)
            .values((
                (
                    staff::staff_id.eq(someone.id()),
                    staff::staff_no.eq(someone.staff_no),
                    staff::name.eq(format!("行员{}", someone.staff_no)),
                ),
                (
                    staff::role.eq(someone.role),
                    staff::scope.eq(someone.scope),
                    staff::branch_id.eq(someone.place.id()),
                ),
                (
                    staff::is_active.eq(true),
                    staff::password_hash.eq(&hash),
                    staff::must_change_password.eq(false),
                ),
                (staff::failed_sign_ins.eq(0), staff::password_changed_at.eq(now), staff::version.eq(1_i64)),
                (staff::created_at.eq(now), staff::updated_at.eq(now)),
            ))
            .execute(&mut &conn)
            .await
            .expect("a member of staff");
    }
    diesel::insert_into(business_days::table)
        .values((
            business_days::is_current.eq(true),
            business_days::business_on.eq(now.date_naive()),
            business_days::opened_at.eq(now),
        ))
        .execute(&mut &conn)
        .await
        .expect("a business day");
}
