package dev.myelin.memory.ranking;

import dev.myelin.model.Circumstances;
import dev.myelin.model.Episode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.jspecify.annotations.Nullable;

/// Turns memories and questions into [Terms]: words as Unicode divides them, in lower case, without
/// English stop words and possessives, stemmed (Porter).
///
/// A memory is found by what happened, where, with whom, why and how, and by the words of the day
/// it happened on: `Friday 8 May 2026`, in UTC. A question is asked without the words that any
/// question has (the Snowball project's English list: `what`, `did`, `you`, ...), unless it has no
/// others.
///
/// Any thread. Keeps a few analysis chains for reuse, as they are costly to make.
public final class TextAnalysis {
  /// Changes whenever the same text gives other terms: an index of another version is rebuilt.
  public static final int VERSION = 2;

  private static final int MAX_IDLE_CHAINS = 16;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEEE d MMMM uuuu", Locale.ENGLISH);
  private static final CharArraySet QUESTION_WORDS = questionWords();

  private final ArrayBlockingQueue<Chain> idle = new ArrayBlockingQueue<>(MAX_IDLE_CHAINS);
  private final ArrayBlockingQueue<Chain> idleForQuestions =
      new ArrayBlockingQueue<>(MAX_IDLE_CHAINS);
  private volatile Day newest = new Day(Long.MIN_VALUE, Terms.NONE);

  /// The terms of one day, the same for all its memories.
  private record Day(long epochDay, Terms terms) {}

  private static CharArraySet questionWords() {
    try (InputStream list = SnowballFilter.class.getResourceAsStream("english_stop.txt")) {
      return WordlistLoader.getSnowballWordSet(
          Objects.requireNonNull(list, "english_stop.txt"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The terms of what an episode tells, but not those of its day.
  public Terms terms(Episode episode) {
    Circumstances about = episode.circumstances();
    StringBuilder text = new StringBuilder(episode.what());
    about.people().forEach(person -> text.append('\n').append(person));
    for (@Nullable String more : new @Nullable String[] {about.place(), about.why(), about.how()}) {
      if (more != null) {
        text.append('\n').append(more);
      }
    }
    return analyse(text.toString(), idle, EnglishAnalyzer.getDefaultStopSet());
  }

  /// The terms with those of the day something happened on; none stay none.
  public Terms withDay(Terms terms, Instant when) {
    return terms.length() == 0 ? terms : terms.plus(day(when));
  }

  private Terms day(Instant when) {
    // An instant can lie a year beyond the calendar.
    long epochDay =
        Math.clamp(
            Math.floorDiv(when.getEpochSecond(), 86_400L),
            LocalDate.MIN.toEpochDay(),
            LocalDate.MAX.toEpochDay());
    Day day = newest;
    if (day.epochDay != epochDay) {
      String text = LocalDate.ofEpochDay(epochDay).format(DAY);
      day = new Day(epochDay, analyse(text, idle, EnglishAnalyzer.getDefaultStopSet()));
      newest = day;
    }
    return day.terms;
  }

  /// The terms of a question.
  public Terms question(String text) {
    Terms terms = analyse(text, idleForQuestions, QUESTION_WORDS);
    return terms.length() > 0 ? terms : analyse(text, idle, EnglishAnalyzer.getDefaultStopSet());
  }

  private static Terms analyse(
      String text, ArrayBlockingQueue<Chain> idle, CharArraySet stopWords) {
    if (text.isEmpty()) {
      return Terms.NONE;
    }
    Chain chain = idle.poll();
    if (chain == null) {
      chain = new Chain(stopWords);
    }
    Terms terms = chain.terms(text);
    // A chain that failed is not used again.
    idle.offer(chain);
    return terms;
  }

  private static final class Chain {
    private final StandardTokenizer words = new StandardTokenizer();
    private final TokenStream stream;
    private final CharTermAttribute term;
    private long[] hashes = new long[64];

    Chain(CharArraySet stopWords) {
      stream =
          new PorterStemFilter(
              new StopFilter(new LowerCaseFilter(new EnglishPossessiveFilter(words)), stopWords));
      term = stream.addAttribute(CharTermAttribute.class);
    }

    Terms terms(String text) {
      int count = 0;
      try {
        words.setReader(new StringReader(text));
        stream.reset();
        while (stream.incrementToken()) {
          if (count == hashes.length) {
            hashes = java.util.Arrays.copyOf(hashes, 2 * count);
          }
          hashes[count++] = hash(term.buffer(), term.length());
        }
        stream.end();
        stream.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Terms.of(hashes, count);
    }

    /// FNV-1a over the characters, then the finaliser of MurmurHash3, so that all bits count.
    private static long hash(char[] characters, int length) {
      long hash = 0xcbf29ce484222325L;
      for (int i = 0; i < length; i++) {
        hash = (hash ^ characters[i]) * 0x100000001b3L;
      }
      hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
      hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
      return hash ^ (hash >>> 33);
    }
  }
}
