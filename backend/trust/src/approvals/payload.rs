//! What will be executed: kept as exactly the bytes that were submitted, sealed where it is about a cardholder, under a keyed
//! digest that binds it to operation, object and version.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbError,
    ids::{ApprovalId, CardholderId},
    schema::{approvals, cardholder_keys},
    vault::{DataKey, Place, Sealed, Vault, VaultError, WrappedKey},
};
use uuid::Uuid;

use super::{
    faults::ApprovalError,
    model::{ApprovalOperation, ApprovalRow},
};

/// What the digest binds the payload to.
pub(super) struct Bound {
    pub approval_id: ApprovalId,
    pub operation: ApprovalOperation,
    pub object_id: Uuid,
    pub cardholder_id: Option<CardholderId>,
    pub base_version: i64,
}

impl From<&ApprovalRow> for Bound {
    fn from(row: &ApprovalRow) -> Self {
        Self {
            approval_id: row.approval_id,
            operation: row.operation,
            object_id: row.object_id,
            cardholder_id: row.cardholder_id,
            base_version: row.base_version,
        }
    }
}

impl Bound {
    fn place(&self) -> Place {
        Place { table: "approvals", column: "payload_bytes", row: self.approval_id.0 }
    }

    pub(super) fn digest(&self, vault: &Vault, payload: &str) -> Vec<u8> {
        let about = self.cardholder_id.map(|id| id.0.as_bytes().to_vec()).unwrap_or_default();
        vault.mark(
            "approvals.payload",
            &[
                self.approval_id.0.as_bytes(),
                self.operation.as_str().as_bytes(),
                self.object_id.as_bytes(),
                &about,
                &self.base_version.to_be_bytes(),
                payload.as_bytes(),
            ],
        )
    }

    /// The bytes to be stored.
    pub(super) async fn close(
        &self,
        conn: &Conn,
        vault: &Vault,
        payload: &str,
    ) -> Result<Vec<u8>, ApprovalError> {
        match self.cardholder_id {
            Some(cardholder_id) => {
                let key = data_key(conn, vault, cardholder_id).await?;
                Ok(key.seal(self.place(), payload)?.as_bytes().to_vec())
            }
            None => Ok(payload.as_bytes().to_vec()),
        }
    }

    /// The text that was submitted; none when what is stored is not that any more.
    pub(super) async fn read(&self, mut conn: &Conn, vault: &Vault) -> Result<Option<String>, ApprovalError> {
        let row = approvals::table.find(self.approval_id);
        let digest: Vec<u8> =
            row.select(approvals::payload_digest).first(&mut conn).await.map_err(DbError::from)?;
        let payload = match self.cardholder_id {
            Some(cardholder_id) => {
                let sealed: Sealed =
                    row.select(approvals::payload_bytes).first(&mut conn).await.map_err(DbError::from)?;
                let key = data_key(conn, vault, cardholder_id).await?;
                key.open(self.place(), &sealed).map(|text| text.as_str().to_owned()).ok()
            }
            None => {
                let bytes: Vec<u8> =
                    row.select(approvals::payload_bytes).first(&mut conn).await.map_err(DbError::from)?;
                String::from_utf8(bytes).ok()
            }
        };
        Ok(payload.filter(|payload| self.digest(vault, payload) == digest))
    }
}

async fn data_key(
    mut conn: &Conn,
    vault: &Vault,
    cardholder_id: CardholderId,
) -> Result<DataKey, ApprovalError> {
    let row = cardholder_keys::table
        .find(cardholder_id)
        .select((cardholder_keys::master_key_id, cardholder_keys::wrapped_key));
    let kept: Option<(String, Vec<u8>)> = row.first(&mut conn).await.optional().map_err(DbError::from)?;
    let (master_key_id, bytes) = kept.ok_or(VaultError::KeyMissing)?;
    Ok(vault.unwrap(&WrappedKey { master_key_id, bytes }, cardholder_id.0)?)
}
