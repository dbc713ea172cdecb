package dev.myelin.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs what docs/libraries.md says about verifying a webhook's signature, in each language.
@Timeout(240)
final class WebhookSnippetsIT {
  private static final String SECRET = "whsec_0123456789abcdef";
  private static final String BODY = "{\"id\":\"é\"}";

  @TempDir private Path folder;

  /// Runs a program that prints what the snippet says of a signature.
  private interface Program {
    String says(String header) throws IOException, InterruptedException;
  }

  private static void assertTellsGenuineFromForged(Program program) throws Exception {
    long now = System.currentTimeMillis() / 1_000;
    assertThat(program.says(header(SECRET, now, now))).isEqualToIgnoringCase("true");
    assertThat(program.says(header("another secret of a thief", now, now)))
        .isEqualToIgnoringCase("false");
    assertThat(program.says(header(SECRET, now - 3_600, now - 3_600)))
        .isEqualToIgnoringCase("false");
    assertThat(program.says(header(SECRET, now - 3_600, now))).isEqualToIgnoringCase("false");
  }

  /// A signature of one time that claims to be of another.
  private static String header(String secret, long signed, long claimed)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] code = mac.doFinal((signed + "." + BODY).getBytes(StandardCharsets.UTF_8));
    return "t=" + claimed + ",v1=" + HexFormat.of().formatHex(code);
  }

  private static String snippet(String language) throws IOException {
    String page = Files.readString(Project.root().resolve("docs/libraries.md"));
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(page.substring(page.indexOf("### Is it genuine?")));
    assertThat(block.find()).as("a snippet in %s", language).isTrue();
    return block.group(1);
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return Files.readString(output).strip();
  }

  @Test
  void verifiesInJava() throws Exception {
    String program =
        "class Verify {\n"
            + snippet("java")
            + "\npublic static void main(String[] a) throws Exception {\n"
            + "System.out.println(isGenuine(a[0], a[1], java.nio.file.Files.readAllBytes("
            + "java.nio.file.Path.of(a[2]))));\n}\n}\n";
    Path source = Files.writeString(folder.resolve("Verify.java"), program);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path body = Files.writeString(folder.resolve("body"), BODY);
    assertTellsGenuineFromForged(
        header -> run(java, source.toString(), SECRET, header, body.toString()));
  }

  @Test
  void verifiesInTypeScript() throws Exception {
    // Not every Node understands types: without them it is JavaScript.
    String script =
        snippet("typescript").replaceAll(": (string|Buffer|boolean)\\b", "")
            + "\nimport { readFileSync } from 'node:fs';\n"
            + "const [secret, header, file] = process.argv.slice(2);\n"
            + "console.log(isGenuine(secret, header, readFileSync(file)));\n";
    Path source = Files.writeString(folder.resolve("verify.mjs"), script);
    String node = Project.tool("node").toString();
    Path body = Files.writeString(folder.resolve("body"), BODY);
    assertTellsGenuineFromForged(
        header -> run(node, source.toString(), SECRET, header, body.toString()));
  }

  @Test
  void verifiesInPython() throws Exception {
    String script =
        snippet("python")
            + "\nimport sys\n"
            + "print(is_genuine(sys.argv[1], sys.argv[2], open(sys.argv[3], 'rb').read()))\n";
    Path source = Files.writeString(folder.resolve("verify.py"), script);
    String python = Project.tool("python3").toString();
    Path body = Files.writeString(folder.resolve("body"), BODY);
    assertTellsGenuineFromForged(
        header -> run(python, source.toString(), SECRET, header, body.toString()));
  }
}
