package dev.myelin.memory.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.myelin.model.Embedding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/// The loaded model bge-small-en-v1.5 (int8 weights) with its tokenizer.
///
/// Any thread; each call computes on the caller's thread alone.
final class BgeModel implements AutoCloseable {
  static final String NAME = "bge-small-en-v1.5";
  static final int DIMENSION = 384;
  static final int MAX_TOKENS = 512;

  /// What the model was trained to see before a question, and only there.
  private static final String QUERY_INSTRUCTION =
      "Represent this sentence for searching relevant passages: ";

  private static final String RESOURCE = "/bge-small-en-v1.5-q";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final WordPieceTokenizer tokenizer;

  private BgeModel(OrtEnvironment environment, OrtSession session, WordPieceTokenizer tokenizer) {
    this.environment = environment;
    this.session = session;
    this.tokenizer = tokenizer;
  }

  /// Reads the model out of the program's own jars; takes most of a second of one core.
  static BgeModel load() {
    OnnxLibraries.prepare();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      try (InputStream weights = resource(".onnx");
          InputStream vocabulary = resource("-tokenizer.json")) {
        return new BgeModel(
            environment,
            environment.createSession(weights.readAllBytes(), options),
            WordPieceTokenizer.read(vocabulary));
      }
    } catch (OrtException | IOException e) {
      throw new IllegalStateException("The embedding model inside the program cannot be read", e);
    }
  }

  private static InputStream resource(String suffix) throws IOException {
    InputStream stream = BgeModel.class.getResourceAsStream(RESOURCE + suffix);
    if (stream == null) {
      throw new IOException("resource " + RESOURCE + suffix + ": missing");
    }
    return stream;
  }

  Embedding embedPassage(String text) {
    return embed(tokenizer.encode(text, MAX_TOKENS));
  }

  Embedding embedQuery(String text) {
    return embed(tokenizer.encode(QUERY_INSTRUCTION + text, MAX_TOKENS));
  }

  /// Embeds one text, given as tokens. One at a time, never as a batch: the model scales its
  /// activations over all that it is given at once, so in a batch a text's embedding would depend
  /// on its neighbours, for a gain that only short texts would see.
  private Embedding embed(long[] tokens) {
    long[] shape = {1, tokens.length};
    long[] ones = new long[tokens.length];
    Arrays.fill(ones, 1L);
    try (OnnxTensor ids = tensor(tokens, shape);
        OnnxTensor mask = tensor(ones, shape);
        OnnxTensor types = tensor(new long[tokens.length], shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      return firstState(((OnnxTensor) result.get(0)).getFloatBuffer());
    } catch (OrtException e) {
      throw new IllegalStateException("The embedding model failed", e);
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  /// The state of the first token stands for the text, scaled to length 1.
  private static Embedding firstState(FloatBuffer states) {
    float[] vector = new float[DIMENSION];
    states.get(0, vector);
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] *= scale;
    }
    return Embedding.of(vector);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("The embedding model cannot be closed", e);
    }
  }
}
