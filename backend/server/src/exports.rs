//! Which lists can be had as a file: every slice's own, together.

use std::sync::Arc;

use records::{
    cardholders::CardholdersExport, statistics::StatisticsExport, transactions::TransactionsExport,
};
use trust::exports::{ExportList, ExportSources, TrailExport};

/// Every list of every chapter.
pub(crate) fn sources() -> ExportSources {
    let mut sources = ExportSources::default();
    sources.register(ExportList::Cardholders, Arc::new(CardholdersExport));
    sources.register(ExportList::Transactions, Arc::new(TransactionsExport));
    sources.register(ExportList::AuditEntries, Arc::new(TrailExport));
    sources.register(ExportList::Statistics, Arc::new(StatisticsExport));
    sources
}
