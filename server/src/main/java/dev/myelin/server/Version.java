package dev.myelin.server;

import picocli.CommandLine.IVersionProvider;

/// What this build is and what it runs on.
final class Version implements IVersionProvider {
  /// The version of this build, or `development` when it does not run from a jar.
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"myelin " + number() + " (Java " + Runtime.version() + ")"};
  }
}
