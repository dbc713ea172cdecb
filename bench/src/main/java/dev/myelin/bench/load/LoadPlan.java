package dev.myelin.bench.load;

import java.time.Duration;

/// How much is sent.
///
/// @param ratePerSecond over all connections, open loop; 0 for as fast as the window allows
/// @param window unacknowledged observations over all connections, in closed loop
/// @param warmUp sent and verified, but not measured
public record LoadPlan(
    int connections, double ratePerSecond, int window, Duration warmUp, Duration duration) {
  public LoadPlan {
    require("connections", connections >= 1);
    require("rate", ratePerSecond >= 0);
    require("window", window >= connections && window <= connections * Session.MAX_IN_FLIGHT);
    require("warm-up", !warmUp.isNegative());
    require("duration", duration.isPositive());
  }

  private static void require(String name, boolean met) {
    if (!met) {
      throw new LoadFailure("the value of --" + name + " cannot be used; see --help");
    }
  }

  public boolean isOpenLoop() {
    return ratePerSecond > 0;
  }
}
