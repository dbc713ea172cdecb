package dev.myelin.edge.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Which addresses are for everybody: all but those that the registries of special-purpose
/// addresses (RFC 6890, RFC 4291) name. Addresses of IPv6 that carry one of IPv4 are judged by that
/// one.
final class AddressRules {

  /// Addresses that begin with the same bits.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(byte[] network, int bits) {
    static Block of(String text) {
      String[] parts = text.split("/", 2);
      try {
        return new Block(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("a literal is not looked up", e);
      }
    }

    boolean holds(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Block> SPECIAL_IPV4 =
      blocks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // shared behind a carrier's NAT
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local, and the metadata of clouds
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocols
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // relays of 6to4
          "192.168.0.0/16", // private
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  private static final Block GLOBAL_IPV6 = Block.of("2000::/3");

  private static final List<Block> SPECIAL_IPV6 =
      blocks(
          "2001::/23", // protocols, Teredo
          "2001:db8::/32", // documentation
          "3fff::/20"); // documentation

  /// Where an address of IPv4 is inside one of IPv6, and from which byte on.
  private static final Block SIX_TO_FOUR = Block.of("2002::/16");

  private static final Block NAT64 = Block.of("64:ff9b::/96");
  private static final Block COMPATIBLE = Block.of("::/96");

  private AddressRules() {}

  private static List<Block> blocks(String... texts) {
    return Arrays.stream(texts).map(Block::of).toList();
  }

  /// Whether an address belongs to no private, local or special network.
  static boolean isPublic(InetAddress address) {
    return switch (address) {
      case Inet4Address four -> isPublic4(four.getAddress());
      case Inet6Address six -> isPublic6(six.getAddress());
      default -> false;
    };
  }

  private static boolean isPublic4(byte[] address) {
    return SPECIAL_IPV4.stream().noneMatch(block -> block.holds(address));
  }

  private static boolean isPublic6(byte[] address) {
    if (SIX_TO_FOUR.holds(address)) {
      return isPublic4(Arrays.copyOfRange(address, 2, 6));
    }
    if (NAT64.holds(address)) {
      return isPublic4(Arrays.copyOfRange(address, 12, 16));
    }
    return !COMPATIBLE.holds(address)
        && GLOBAL_IPV6.holds(address)
        && SPECIAL_IPV6.stream().noneMatch(block -> block.holds(address));
  }
}
