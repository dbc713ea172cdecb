package dev.myelin.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchesTest {
  @Test
  void switchesForOneTenantAndForAll() {
    Switches switches = new Switches(Set.of("acme", "beta:presence", "*:history"));

    assertThat(switches.isOn("acme")).isFalse();
    assertThat(switches.isOn("beta")).isTrue();
    assertThat(switches.isOn("beta", "presence")).isFalse();
    assertThat(switches.isOn("gamma", "presence")).isTrue();
    assertThat(switches.isOn("gamma", "history")).isFalse();
    assertThat(new Switches(Set.of("*")).isOn("gamma")).isFalse();
    assertThat(Switches.ALL_ON.isOn("acme")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Acme", "acme:", "acme:precense", ":presence", "acme presence"})
  void refusesWhatIsNoSwitch(String entry) {
    assertThatThrownBy(() -> new Switches(Set.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acme:presence");
  }
}
