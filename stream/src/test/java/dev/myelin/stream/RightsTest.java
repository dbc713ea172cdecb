package dev.myelin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.memory.RecallQuery;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Grant;
import dev.myelin.model.Principal;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Recall;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a connection may, by the key that it was opened with.
final class RightsTest {
  private static final SpaceId OTHER = SpaceId.parse("other-space");

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Client client(String... scopes) {
    return server.client(
        new Principal(
            SpaceId.DEFAULT_TENANT,
            "key_1",
            0,
            "key",
            Stream.of(scopes).map(Grant::parse).toList()));
  }

  private static Recall recall(SpaceId space) {
    return new Recall("id", false, RecallQuery.about(space, "anything"));
  }

  @Test
  void aReaderMayNotObserveAndUsesUpNoNumber() {
    Client reader = client("read");
    reader.init();
    reader.observe(1);
    reader.failure(ErrorCode.PERMISSION_DENIED);
    SessionId session = reader.session();
    reader.disconnect();

    Client writer = client("write");
    assertThat(writer.resume(session).initialSequence()).isZero();
    writer.observe(1);
    writer.accepted(1);
  }

  @Test
  void aKeyForOneLibraryOpensNoSessionInAnother() {
    Client one = client("write:" + Client.SPACE.name());
    one.send(new Init(OTHER, null, Client.PLAIN));
    one.failure(ErrorCode.PERMISSION_DENIED);
    one.init();
    one.observe(1);
    one.accepted(1);
  }

  @Test
  void aSessionThatAKeyMayNotReadIsUnknownToIt() {
    Client owner = server.client();
    SessionId session = owner.init(OTHER, null, Client.PLAIN).session();
    owner.disconnect();
    Client one = client("write:default");

    assertThat(one.init(SpaceId.DEFAULT, session, Client.PLAIN).session()).isNotEqualTo(session);
    assertThat(server.client().init(OTHER, session, Client.PLAIN).session()).isEqualTo(session);
  }

  @Test
  void aRecallLooksOnlyWhereTheKeyMay() {
    Client one = client("read:" + Client.SPACE.name());
    one.init();
    one.send(recall(OTHER));
    one.failure(ErrorCode.PERMISSION_DENIED);
    one.send(recall(new SpaceId("tenant", Client.SPACE.name())));
    one.failure(ErrorCode.PERMISSION_DENIED);
  }
}
