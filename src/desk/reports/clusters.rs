//! What is asked again and again.

use super::{Asked, counted, figure};
use crate::{
    desk::{Desk, DeskError},
    domain::TicketId,
    render::{
        reports::Section,
        svg::{Bar, Bars, Chart, Kind, Series, Tone},
        table::{Cell, Column, Table},
    },
    store::{
        Conn,
        reports::gate::{self, Cluster},
    },
};

/// So many clusters are listed, and so many drawn.
const MOST: i64 = 100;
const MOST_BARS: usize = 12;

impl Desk {
    pub(super) async fn report_clusters(
        &self,
        conn: &mut Conn,
        asked: &Asked,
    ) -> Result<Vec<Section>, DeskError> {
        let clusters = gate::clusters(conn, &asked.period, &asked.scope, MOST).await?;
        let bar = |each: &Cluster| Bar {
            name: subject(each),
            values: vec![figure(each.size - each.grown), figure(each.grown)],
            says: format!("{} · {} new", each.size, each.grown),
        };
        let grown: i64 = clusters.iter().map(|each| each.grown).sum();
        let says = match clusters.first() {
            None => "Nothing was asked again and again in this period.".to_owned(),
            Some(first) => format!(
                "{} in {}; most, {}, ask like “{}”.",
                counted(grown, "ticket"),
                counted(clusters.len().try_into().unwrap_or(i64::MAX), "cluster"),
                first.grown,
                subject(first)
            ),
        };
        let series = vec![Series::new("Before", Tone::Rest), Series::new("In this period", Tone::Main)];
        let bars = clusters.iter().take(MOST_BARS).map(bar).collect();
        Ok(vec![Section {
            name: "clusters-grown",
            title: "Asked again and again".to_owned(),
            about: "Level-1 tickets that look alike, by how many came in this period; the period before has the same length. A cause is the ticket that was opened for all of them."
                .to_owned(),
            charts: vec![Chart { title: "Tickets that look alike".to_owned(), says, kind: Kind::Bars(Bars { series, bars }) }],
            table: Table { columns: columns(), rows: clusters.iter().map(|each| self.cluster_row(each)).collect() },
        }])
    }

    fn cluster_row(&self, cluster: &Cluster) -> Vec<Cell> {
        let ticket = |id: i64| Cell::Ticket(id, self.reference(TicketId(id)));
        vec![
            Cell::Text(subject(cluster)),
            ticket(cluster.first),
            Cell::Count(cluster.size),
            Cell::Count(cluster.grown),
            Cell::Count(cluster.before),
            Cell::Text(state(&cluster.state).to_owned()),
            cluster.cause.map_or(Cell::None, ticket),
            cluster.cause_status.clone().map_or(Cell::None, Cell::Text),
        ]
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("first_subject", "Asked like"),
        Column::new("first_ticket", "First"),
        Column::new("size_tickets", "Tickets"),
        Column::new("new_tickets", "New"),
        Column::new("new_before_tickets", "New in the period before"),
        Column::new("state", "Staff said"),
        Column::new("cause_ticket", "Cause"),
        Column::new("cause_status", "Stands at"),
    ]
}

fn subject(cluster: &Cluster) -> String {
    if cluster.subject.is_empty() { "(no subject)".to_owned() } else { cluster.subject.clone() }
}

fn state(state: &str) -> &str {
    match state {
        "proposed" => "nothing yet",
        "accepted" => "one cause",
        "dismissed" => "no one cause",
        other => other,
    }
}
