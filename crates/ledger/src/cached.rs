//! Statements that are prepared once a connection: preparing one costs more than running it.

use rusqlite::{Connection, Params, Result, Row};

/// How many prepared statements a connection keeps. The book has some hundred; what is rarely asked is prepared again.
pub(crate) const KEPT_STATEMENTS: usize = 256;

/// [`Connection::execute`] and [`Connection::query_row`] over statements that are kept.
pub(crate) trait Cached {
    fn execute_cached(&self, sql: &str, params: impl Params) -> Result<usize>;
    fn query_row_cached<T>(
        &self,
        sql: &str,
        params: impl Params,
        f: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T>;
}

impl Cached for Connection {
    fn execute_cached(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }
    fn query_row_cached<T>(
        &self,
        sql: &str,
        params: impl Params,
        f: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare_cached(sql)?.query_row(params, f)
    }
}
