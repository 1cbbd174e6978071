//! What crosses process borders, for router and subgraphs alike
