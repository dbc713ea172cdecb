package dev.myelin.live.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/// Checks Ed25519 signatures (RFC 8037) with the JDK's own provider. Any thread.
final class Ed25519Verifier extends BaseJWSProvider implements JWSVerifier {
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /// What stands before the 32 bytes of a key in its DER form: RFC 8410, section 10.1.
  private static final byte[] DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;

  /// @param x the public key, 32 bytes
  /// @throws GeneralSecurityException if it is none
  Ed25519Verifier(byte[] x) throws GeneralSecurityException {
    super(Set.of(JWSAlgorithm.EdDSA));
    if (x.length != KEY_BYTES) {
      throw new GeneralSecurityException("x: " + x.length + " bytes (expected: " + KEY_BYTES + ")");
    }
    byte[] der = new byte[DER_PREFIX.length + KEY_BYTES];
    System.arraycopy(DER_PREFIX, 0, der, 0, DER_PREFIX.length);
    System.arraycopy(x, 0, der, DER_PREFIX.length, KEY_BYTES);
    this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) {
    byte[] bytes = signature.decode();
    if (bytes.length != SIGNATURE_BYTES || !JWSAlgorithm.EdDSA.equals(header.getAlgorithm())) {
      return false;
    }
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(signed);
      return check.verify(bytes);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
