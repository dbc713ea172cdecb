package dev.myelin.live.token;

import dev.myelin.journal.Journal;
import dev.myelin.live.access.AccessRegistry;
import dev.myelin.live.access.Tenants;
import dev.myelin.live.token.TokenException.Reason;
import dev.myelin.model.Principal;
import dev.myelin.model.Principal.Proof;
import java.time.InstantSource;

/// The tokens of one server: who holds one, which were revoked, and tickets. Any thread.
public final class Tokens {
  private final boolean on;
  private final TokenVerifier verifier;
  private final Tickets tickets;
  private final Revocations revocations;
  private final Tenants tenants;
  private final InstantSource clock;

  private Tokens(TokenConfig config, Journal journal, AccessRegistry access, InstantSource clock) {
    this.on = config.isOn();
    this.verifier = new TokenVerifier(config, clock);
    this.tickets = new Tickets(clock);
    this.revocations = Revocations.open(journal, clock);
    this.tenants = access.tenants();
    this.clock = clock;
  }

  /// Reads the revocations of a journal, and begins to read the keys of the issuer.
  ///
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if a row cannot be read
  public static Tokens open(
      TokenConfig config, Journal journal, AccessRegistry access, InstantSource clock) {
    return new Tokens(config, journal, access, clock);
  }

  /// Whether any token is taken.
  public boolean areOn() {
    return on;
  }

  /// Who holds a token that is good now. Never blocks.
  ///
  /// @throws TokenException if it opens nothing, and why
  public Principal verify(String token) throws TokenException {
    Principal principal = verifier.verify(token);
    requireGood(principal);
    return principal;
  }

  /// Whom a ticket stands for, whose key or token is not looked at; the ticket is used up.
  ///
  /// @throws TokenException INVALID if it is unknown, was used, or has expired
  public Principal redeem(String ticket) throws TokenException {
    return tickets
        .redeem(ticket)
        .orElseThrow(() ->
            TokenException.invalid(
                "The ticket is unknown, was used, or has expired. Get another one."));
  }

  /// Whether the token that a principal showed still opens anything; true if it showed none.
  public boolean isAlive(Principal principal) {
    return isGood(principal)
        && (!(principal.proof() instanceof Proof.Token token)
            || TokenClaims.isAlive(token.expiresAt(), clock.instant()));
  }

  /// As [#isAlive(Principal)], whether it has expired or not.
  public boolean isGood(Principal principal) {
    return !(principal.proof() instanceof Proof.Token)
        || (!revocations.isRevoked(principal) && lives(principal.tenant()));
  }

  private void requireGood(Principal principal) throws TokenException {
    if (!isGood(principal)) {
      throw new TokenException(Reason.REVOKED, "The token was revoked, or its tenant has ended.");
    }
  }

  /// A tenant that was never made here is the issuer's affair.
  private boolean lives(String tenant) {
    return tenants.find(tenant).map(found -> found.isAlive(clock.instant())).orElse(true);
  }

  public Tickets tickets() {
    return tickets;
  }

  public Revocations revocations() {
    return revocations;
  }

  /// Reads the issuer's keys again if it is time to; to be called about once a second. Never
  /// blocks.
  public void tick() {
    verifier.tick();
  }
}
