package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.live.token.TokenConfig;
import dev.myelin.live.token.TokenVerifier;
import dev.myelin.model.Permission;
import dev.myelin.model.Principal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/// `myelin token` as a user meets it.
class TokenCommandTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private record Result(int code, String out, String err) {}

  private static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine(arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }

  @Test
  void makesATokenThatAServerTakes() throws Exception {
    Result result =
        run(
            "token",
            "--secret",
            SECRET,
            "--issuer",
            "https://issuer",
            "--audience",
            "myelin",
            "--sub",
            "ann",
            "--tenant",
            "t1",
            "--role",
            "editor",
            "--expires",
            "5m",
            "--permission",
            "library:notes:read,team:*:write",
            "--permission",
            "system:read");

    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("ann", "t1").doesNotContain(SECRET);
    String token = result.out().strip();
    assertThat(result.err()).doesNotContain(token);
    Principal ann =
        new TokenVerifier(
                new TokenConfig(SECRET, null, "https://issuer", "myelin"), InstantSource.system())
            .verify(token);
    assertThat(ann.tenant()).isEqualTo("t1");
    assertThat(ann.subject()).isEqualTo("ann");
    assertThat(ann.roles()).containsExactly("editor");
    assertThat(ann.permissions())
        .containsExactly(
            Permission.parse("library:notes:read"),
            Permission.parse("team:*:write"),
            Permission.parse("system:*:read"));
    assertThat(ann.expiresAt()).isBefore(Instant.now().plus(Duration.ofMinutes(6)));
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(run("token", "--permission", "*", "--secret", "too short"))
        .satisfies(it -> assertThat(it.code()).isEqualTo(2))
        .satisfies(it -> assertThat(it.err()).contains("32").doesNotContain("too short"));
    assertThat(run("token", "--secret", SECRET).err()).contains("--permission");
    assertThat(run("token", "--secret", SECRET, "--permission", "team:core:raed").err())
        .contains("team:core:raed", "type:id:action");
    assertThat(run("token", "--secret", SECRET, "--permission", "*", "--expires", "soon").err())
        .contains("--expires: soon");
    assertThat(run("token", "--secret", SECRET, "--permission", "*", "--tenant", "A B").err())
        .contains("--tenant: A B");
    assertThat(run("token", "--secret", SECRET, "--permission", "*", "--sub", " ").err())
        .contains("--sub");
  }
}
