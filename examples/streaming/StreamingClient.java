import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Streams lines of text into Myelin, waits until each is acknowledged, then recalls some of them.
 *
 * <pre>java StreamingClient.java URL QUESTION [FILE]      lines from standard input without FILE</pre>
 *
 * Needs nothing but a JDK, 17 or newer. The JDK reads no JSON, so this takes what it needs by pattern; a
 * larger program would rather use a JSON library, or Myelin's own Java client.
 */
public class StreamingClient {
  private static final int IN_FLIGHT = 500;

  private final URI uri;
  private final HttpClient http = HttpClient.newHttpClient();
  private final TreeMap<Long, String> unacknowledged = new TreeMap<>(); // number -> episode
  private BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
  private WebSocket socket;
  private String session;
  private long last;
  private long acknowledged;

  StreamingClient(URI uri) {
    this.uri = uri;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      System.err.println("Usage: java StreamingClient.java URL QUESTION [FILE]");
      System.exit(2);
    }
    StreamingClient client = new StreamingClient(streamUri(args[0]));
    client.connect();
    String run = UUID.randomUUID().toString();
    try (BufferedReader lines =
        args.length > 2
            ? Files.newBufferedReader(Path.of(args[2]))
            : new BufferedReader(new InputStreamReader(System.in))) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // With a name of its own an episode that is sent twice is remembered once.
        String id = run + "-" + ++number;
        if (!line.isBlank()) {
          client.observe("{\"id\":\"" + id + "\",\"what\":" + quoted(line) + "}");
        }
      }
    }
    client.drain();
    System.out.println(client.acknowledged + " acknowledged");
    client.recall(args[1], 3).forEach(content -> System.out.println("recalled: " + content));
    System.out.println("closed after " + client.close());
  }

  /** Connects, resumes, and sends again what the server has not settled. */
  private void connect() throws InterruptedException {
    for (int attempt = 0; ; attempt = Math.min(attempt + 1, 10)) {
      try {
        inbox = new LinkedBlockingQueue<>();
        socket = http.newWebSocketBuilder().buildAsync(uri, new Inbox(inbox)).join();
        init();
        return;
      } catch (CompletionException | IOException e) {
        long delay = ThreadLocalRandom.current().nextLong(Math.min(10_000, 100L << attempt));
        System.err.println("no connection (" + e.getMessage() + "), next attempt in " + delay + " ms");
        Thread.sleep(delay);
      }
    }
  }

  private void init() throws IOException, InterruptedException {
    String resume = session == null ? "" : ",\"resume_session_id\":\"" + session + "\"";
    send(
        "{\"type\":\"init\",\"memory_space_id\":\"streaming-example\",\"client_buffer_size\":"
            + IN_FLIGHT
            + resume
            + "}");
    String ack = receive();
    if (!"init_ack".equals(text(ack, "type"))) {
      throw new IllegalStateException("refused: " + text(ack, "message"));
    }
    long settled = number(ack, "initial_sequence");
    String opened = text(ack, "session_id");
    if (opened.equals(session)) {
      var done = unacknowledged.headMap(settled, true);
      acknowledged += done.size();
      done.clear();
      System.out.println("resumed " + session + " after " + settled);
    } else {
      System.out.println("session " + opened);
    }
    session = opened;
    last = settled;
    var waiting = new TreeMap<>(unacknowledged);
    unacknowledged.clear();
    for (String episode : waiting.values()) { // the same numbers, unless the server forgot the session
      sendObservation(episode);
    }
  }

  private void observe(String episode) throws InterruptedException {
    reliably(() -> sendObservation(episode));
    while (unacknowledged.size() >= IN_FLIGHT) {
      reliably(this::takeReply);
    }
  }

  private void drain() throws InterruptedException {
    while (!unacknowledged.isEmpty()) {
      reliably(this::takeReply);
    }
  }

  private List<String> recall(String question, int count) throws InterruptedException {
    while (true) {
      try {
        return ask(question, count);
      } catch (IOException e) {
        reconnect(e);
      }
    }
  }

  private List<String> ask(String question, int count) throws IOException, InterruptedException {
    List<String> contents = new ArrayList<>();
    send(
        "{\"type\":\"recall\",\"request_id\":\"q\",\"max_results\":"
            + count
            + ",\"cue\":{\"text\":"
            + quoted(question)
            + "}}");
    for (boolean more = true; more; ) {
      String message = receive();
      if ("error".equals(text(message, "type"))) {
        throw new IllegalStateException(text(message, "message"));
      }
      if (!"recall_result".equals(text(message, "type"))) {
        continue;
      }
      Matcher found = field("content", "\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(message);
      while (found.find()) {
        contents.add(unquoted(found.group(1)));
      }
      more = message.contains("\"more_results\":true");
    }
    return contents;
  }

  private long close() throws IOException, InterruptedException {
    send("{\"type\":\"close\",\"session_id\":\"" + session + "\",\"drain\":true}");
    String message = receive();
    while (!"status".equals(text(message, "type"))) {
      message = receive();
    }
    socket.abort();
    return number(message, "last_sequence");
  }

  private void sendObservation(String episode) throws IOException {
    unacknowledged.put(++last, episode);
    send(
        "{\"type\":\"observation\",\"session_id\":\""
            + session
            + "\",\"sequence_number\":"
            + last
            + ",\"episode\":"
            + episode
            + "}");
  }

  private void takeReply() throws IOException, InterruptedException {
    String message = receive();
    switch (text(message, "type")) {
      case "ack" -> {
        boolean known = unacknowledged.remove(number(message, "sequence_number")) != null;
        if ("rejected".equals(text(message, "status"))) {
          System.err.println("rejected: " + text(message, "reason"));
        } else if (known) {
          acknowledged++;
        }
      }
      case "error" -> throw new IOException(text(message, "message")); // resuming puts it right
      default -> {} // heartbeats and pressure
    }
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void reliably(Step step) throws InterruptedException {
    try {
      step.run();
    } catch (IOException e) {
      reconnect(e);
    }
  }

  /** Makes a new connection, which sends all that is unacknowledged. */
  private void reconnect(IOException lost) throws InterruptedException {
    System.err.println("connection lost: " + lost.getMessage());
    socket.abort();
    connect();
  }

  private void send(String message) throws IOException {
    try {
      socket.sendText(message, true).join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }

  private String receive() throws IOException, InterruptedException {
    String message = inbox.poll(75, TimeUnit.SECONDS); // the server speaks every 30 seconds
    if (message == null || message.isEmpty()) {
      throw new IOException("the connection broke");
    }
    return message;
  }

  /** Gathers messages; an empty one says that no more will come. */
  private record Inbox(BlockingQueue<String> messages, StringBuilder part)
      implements WebSocket.Listener {
    Inbox(BlockingQueue<String> messages) {
      this(messages, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean whole) {
      part.append(data);
      if (whole) {
        messages.add(part.toString());
        part.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      messages.add("");
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      messages.add("");
    }
  }

  private static URI streamUri(String url) {
    URI uri = URI.create(url.replaceFirst("^http", "ws"));
    return uri.getPath().isEmpty() || uri.getPath().equals("/") ? uri.resolve("/v1/stream") : uri;
  }

  private static Pattern field(String name, String value) {
    return Pattern.compile("\"" + name + "\":" + value);
  }

  private static String text(String message, String name) {
    Matcher found = field(name, "\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(message);
    return found.find() ? unquoted(found.group(1)) : "";
  }

  private static long number(String message, String name) {
    Matcher found = field(name, "(\\d+)").matcher(message);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private static String unquoted(String json) {
    Matcher escapes = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)").matcher(json);
    return escapes.replaceAll(
        escape ->
            Matcher.quoteReplacement(
                escape.group(2) != null
                    ? Character.toString((char) Integer.parseInt(escape.group(2), 16))
                    : switch (escape.group(1)) {
                      case "n" -> "\n";
                      case "t" -> "\t";
                      case "r" -> "\r";
                      case "b" -> "\b";
                      case "f" -> "\f";
                      default -> escape.group(1);
                    }));
  }
}
