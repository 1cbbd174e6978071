//! Small supergraphs: one behaviour each.
