package dev.myelin.edge.net;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PEM files of the server's certificate and key: looks whether there are others now, and reads
/// them once they fit each other. One thread at a time; blocks.
public final class CertificateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

  private final Vertx vertx;
  private final Path certificate;
  private final Path key;
  private @Nullable State taken;
  private @Nullable State refused;

  public CertificateFiles(Vertx vertx, Path certificate, Path key) {
    this.vertx = vertx;
    this.certificate = certificate;
    this.key = key;
  }

  /// What both files hold.
  private record State(Buffer certificate, Buffer key) {}

  /// What is to be shown from now on; null if that is what was given last. What cannot be used is
  /// told in the log, once.
  public @Nullable PemKeyCertOptions changed() {
    State found;
    try {
      found = new State(read(certificate), read(key));
    } catch (IOException e) {
      LOG.debug("the certificate or its key cannot be read now", e);
      return null;
    }
    if (found.equals(taken) || found.equals(refused)) {
      return null;
    }
    PemKeyCertOptions options =
        new PemKeyCertOptions().setCertValue(found.certificate()).setKeyValue(found.key());
    try {
      X509Certificate shown = check(options);
      LOG.atInfo()
          .addKeyValue("certificate", certificate)
          .addKeyValue("valid_until", shown.getNotAfter().toInstant())
          .log("a certificate is shown from now on");
    } catch (Exception e) { // Vert.x throws whatever it likes
      refused = found;
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("certificate", certificate)
          .addKeyValue("key", key)
          .log("the certificate files cannot be used: the old certificate stays");
      return null;
    }
    taken = found;
    refused = null;
    return options;
  }

  private static Buffer read(Path file) throws IOException {
    return Buffer.buffer(Files.readAllBytes(file));
  }

  /// @return the server's own certificate
  /// @throws GeneralSecurityException if they do not belong together
  private X509Certificate check(PemKeyCertOptions options) throws Exception {
    for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        for (String type : new String[] {"RSA", "EC", "EdDSA"}) {
          String[] names = keys.getServerAliases(type, null);
          if (names != null && names.length > 0) {
            X509Certificate own = keys.getCertificateChain(names[0])[0];
            requireFit(type, own, keys.getPrivateKey(names[0]));
            return own;
          }
        }
      }
    }
    throw new GeneralSecurityException("no certificate (expected: one with an RSA or EC key)");
  }

  private static void requireFit(String type, X509Certificate own, PrivateKey secret)
      throws GeneralSecurityException {
    String algorithm =
        type.equals("EdDSA") ? type : "SHA256with" + (type.equals("EC") ? "ECDSA" : type);
    byte[] text = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(text);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(own.getPublicKey());
    verifying.update(text);
    if (!verifying.verify(signature)) {
      throw new GeneralSecurityException(
          "the key is not that of the certificate (expected: a pair)");
    }
  }
}
