//! The database: pools, transactions that leave a trace, readers that pipeline, migrations, roles, partitions.

mod appender;
mod bulk;
mod copy_rows;
mod count_of;
mod daily_quota;
mod error;
mod kept;
mod kept_sql;
mod migrate;
mod partitions;
mod pool;
mod readiness;
mod roles;
pub mod schema_text;
mod tx;
mod wire;

pub use appender::Appender;
pub use bulk::{Bulk, BulkTx, IS_NEW, StagingCopy};
pub use bytes::BytesMut;
pub use copy_rows::{CopyChunks, CopyRow, CopyValue};
pub use count_of::CountOf;
pub use daily_quota::DailyQuota;
pub use error::{DbError, DbResult};
pub use kept::{Kept, kept};
pub use kept_sql::KeptSql;
pub use migrate::{is_current, migrate, revert_all};
pub use partitions::{drop_partition, ensure_partitions, ensure_partitions_of, partition_years, years_ahead};
pub use pool::{Copier, Db, DbSettings, connect_once};
pub use readiness::{Readiness, readiness};
pub use roles::{
    APP_ROLE, OWNER_ROLE, TRUTH_ROLE, create_roles_and_database, drop_database, grant,
    is_append_only_enforced, is_granted, with_database,
};
pub use tx::Tx;
pub use wire::is_exposed;

/// A connection to read with. It is shared by reference, so that single statements pipeline.
pub type Conn = diesel_async::AsyncPgConnection;
