package dev.myelin.memory.index;

import dev.myelin.memory.filter.Condition;
import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.index.IndexBatch.Added;
import dev.myelin.memory.vector.BitCoder;
import dev.myelin.memory.vector.ByteCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.FloatPoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;
import org.jspecify.annotations.Nullable;

/// The fields of a memory in the index. Nothing is stored but what searches need: the memory itself
/// is in the journal.
final class IndexSchema {
  /// Changes whenever the fields do: an index of another version is rebuilt.
  static final int VERSION = 2;

  static final String KEY = "key";
  static final String OFFSET = "offset";
  static final String VECTOR_OFFSET = "vector-offset";
  static final String WHEN = "when";
  static final String COMMITTED = "committed";
  static final String CONFIDENCE = "confidence";
  static final String TAG = "tag";
  static final String PERSON = "person";
  static final String PLACE = "place";
  static final String PAIR = "pair";
  static final String NUMBER = "number";
  static final String TEXT = "text";
  static final String BITS = "bits";
  static final String BYTES = "bytes";

  private static final FieldType TEXT_TYPE = textType();

  private IndexSchema() {}

  private static FieldType textType() {
    FieldType type = new FieldType();
    type.setTokenized(true);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.freeze();
    return type;
  }

  /// What finds the memory of an offset.
  static Term key(long offset) {
    byte[] key = new byte[Long.BYTES];
    NumericUtils.longToSortableBytes(offset, key, 0);
    return new Term(KEY, new BytesRef(key));
  }

  /// The document of a memory; it reads its terms from the stream, which must not turn to another
  /// text before the document is indexed.
  ///
  /// @param unit the memory's vector, of length 1; null for none
  static Document document(
      Added memory, float @Nullable [] unit, @Nullable BitCoder coder, TermStream terms) {
    Facets facets = memory.facets();
    Document document = new Document();
    document.add(new StringField(KEY, key(facets.offset()).bytes(), Field.Store.NO));
    document.add(new NumericDocValuesField(OFFSET, facets.offset()));
    document.add(new NumericDocValuesField(VECTOR_OFFSET, memory.vectorOffset()));
    document.add(new LongPoint(WHEN, facets.when()));
    document.add(new NumericDocValuesField(WHEN, facets.when()));
    document.add(new LongPoint(COMMITTED, facets.committed()));
    document.add(new FloatPoint(CONFIDENCE, facets.confidence()));
    facets.tags().forEach(tag -> document.add(label(TAG, tag)));
    facets.people().forEach(person -> document.add(label(PERSON, person)));
    if (facets.place() != null) {
      document.add(label(PLACE, facets.place()));
    }
    facets.metadata().forEach((name, value) -> pair(document, name, value));
    if (memory.terms().size() > 0) {
      document.add(new Field(TEXT, terms.over(memory.terms()), TEXT_TYPE));
    }
    if (unit != null && coder != null) {
      document.add(new BinaryDocValuesField(BITS, bits(coder.encode(unit))));
      document.add(new BinaryDocValuesField(BYTES, new BytesRef(ByteCode.encode(unit))));
    }
    return document;
  }

  private static void pair(Document document, String name, String value) {
    document.add(new StringField(PAIR, pair(name, value), Field.Store.NO));
    double number = Condition.number(value);
    if (!Double.isNaN(number)) {
      document.add(new StringField(NUMBER, number(name, number), Field.Store.NO));
    }
  }

  /// A pair of metadata as a term: name, zero byte, value.
  static BytesRef pair(String name, String value) {
    return new BytesRef(term(name) + '\0' + term(value));
  }

  /// A pair whose value reads as a number, as a term that sorts like the number.
  static BytesRef number(String name, double value) {
    byte[] start = (term(name) + '\0').getBytes(StandardCharsets.UTF_8);
    byte[] term = Arrays.copyOf(start, start.length + Long.BYTES);
    NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(value), term, start.length);
    return new BytesRef(term);
  }

  /// Labels longer than a term may be are cut to a prefix and a hash.
  static String term(String label) {
    return label.length() <= 4_000
        ? label
        : label.substring(0, 4_000) + '\0' + Integer.toHexString(label.hashCode());
  }

  private static StringField label(String field, String label) {
    return new StringField(field, term(label), Field.Store.NO);
  }

  private static BytesRef bits(BitCoder.Code code) {
    long[] words = code.bits();
    ByteBuffer bytes =
        ByteBuffer.allocate(words.length * Long.BYTES + 2 * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(words);
    bytes.position(words.length * Long.BYTES).putFloat(code.factor()).putFloat(code.toCentre());
    return new BytesRef(bytes.array());
  }
}
