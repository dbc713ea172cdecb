package dev.myelin.stream.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.memory.Stored;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// What is stored is read back, and its bytes do not change by accident.
class LedgerTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final SessionId SESSION = new SessionId(new UUID(1, 2));

  @Test
  void keepsTheStoredFormOfVerdicts() {
    Stored stored = new Stored(new MemoryId("tea"), 7, AT, true);
    assertThat(HexFormat.of().formatHex(Verdict.encode(stored)))
        .isEqualTo("02" + "0000000000000007" + "00064bf535b0f240" + "746561");
    assertThat(HexFormat.of().formatHex(Verdict.encode(ErrorCode.INVALID_EPISODE)))
        .isEqualTo("00" + "000003ea");
  }

  @Test
  void keepsTheStoredFormOfSessions() {
    SessionRow row = new SessionRow(SESSION, SpaceId.DEFAULT, 3, 5, AT, AT);
    assertThat(HexFormat.of().formatHex(row.encode()))
        .isEqualTo(
            "01"
                + "0000000000000003"
                + "0000000000000005"
                + "0000019ca9450a7b"
                + "0000019ca9450a7b"
                + "07"
                + "64656661756c74"
                + "64656661756c74");
  }

  @Property
  void readsVerdictsBack(@ForAll long offset, @ForAll boolean replaced, @ForAll long micros) {
    Instant at = Instant.EPOCH.plusNanos(micros / 1_000 * 1_000);
    Stored stored = new Stored(new MemoryId("größe-" + offset), offset, at, replaced);
    assertThat(Verdict.decode(Verdict.encode(stored))).isEqualTo(new Verdict.Accepted(stored));
  }

  @Test
  void readsEveryErrorCodeBack() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(Verdict.decode(Verdict.encode(code))).isEqualTo(new Verdict.Rejected(code));
    }
  }

  @Property
  void readsSessionsBack(@ForAll long floor, @ForAll long highest) {
    Instant at = Instant.ofEpochMilli(AT.toEpochMilli());
    SpaceId space = new SpaceId("some-tenant", "some-space");
    SessionRow row = new SessionRow(SESSION, space, floor, highest, at, at);
    assertThat(SessionRow.decode(SessionRow.key(SESSION), row.encode())).isEqualTo(row);
  }

  @Test
  void refusesWhatANewerVersionWrote() {
    byte[] row = new SessionRow(SESSION, SpaceId.DEFAULT, 0, 0, AT, AT).encode();
    row[0] = 9;
    assertUnreadable(() -> SessionRow.decode(SessionRow.key(SESSION), row), "version 9");
    assertUnreadable(() -> SessionRow.decode(new byte[16], new byte[0]), "version none");
    assertUnreadable(() -> Verdict.decode(new byte[] {7}), "kind 7");
    assertUnreadable(() -> Verdict.decode(new byte[] {0, 0, 0, 0, 1}), "error code 1");
  }

  private static void assertUnreadable(Runnable read, String what) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(
            ServiceException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.STORAGE_UNUSABLE))
        .hasMessageContaining(what);
  }
}
