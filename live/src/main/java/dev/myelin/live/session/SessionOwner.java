package dev.myelin.live.session;

/// Who a session is bound to: nobody else resumes it.
public record SessionOwner(String tenant, String subject, String clientId) {}
