package dev.myelin.edge.gateway.connection;

/// What all connections of a gateway share.
public record Desk(
    Ground ground, GatewayMetrics metrics, Limits limits, Roster roster, Talk talk) {}
