package dev.myelin.server.shell;

import java.io.PrintWriter;
import java.util.Locale;

/// One line at the foot of a terminal that tells how far it is; nothing where there is no terminal.
/// Any thread.
public final class ProgressBar {
  private static final long EVERY_NANOS = 100_000_000;
  private static final String CLEAR = "\r\033[K";
  private static final int BAR = 24;

  private final PrintWriter err;
  private final boolean shown;
  private final int width;
  private final String done;
  private long drawnAt;
  private boolean visible;

  /// Makes a bar that is not drawn yet.
  ///
  /// @param done what is counted, such as `remembered`
  public ProgressBar(PrintWriter err, Terminal terminal, String done) {
    this.err = err;
    this.shown = terminal.err();
    this.width = terminal.width();
    this.done = done;
  }

  /// Draws, but not too often.
  ///
  /// @param share how much of the input is read, 0 to 1; negative if its length is not known
  public synchronized void update(long now, double share, long settled, double rate) {
    if (!shown || (visible && now - drawnAt < EVERY_NANOS)) {
      return;
    }
    drawnAt = now;
    visible = true;
    String text = String.format(Locale.ROOT, "%,d %s  %,.0f/s", settled, done, rate);
    String bar = share < 0 ? "" : bar(Math.min(1, share));
    err.print(CLEAR + TextTable.fit(bar + text, width - 1));
    err.flush();
  }

  private static String bar(double share) {
    int full = (int) Math.round(share * BAR);
    return "["
        + "#".repeat(full)
        + "-".repeat(BAR - full)
        + String.format(Locale.ROOT, "] %3.0f%%  ", share * 100);
  }

  /// Prints a line above the bar.
  public synchronized void say(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  /// Takes the bar away.
  public synchronized void clear() {
    if (visible) {
      visible = false;
      err.print(CLEAR);
      err.flush();
    }
  }
}
