package dev.myelin.library.webhook.ledger;

import java.util.List;

/// A part of a webhook's log.
///
/// @param deliveries the newest first
/// @param total how many there are on all pages
public record DeliveryPage(List<Delivery> deliveries, int total) {
  public DeliveryPage {
    deliveries = List.copyOf(deliveries);
  }
}
