package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.OfferFilters;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameworkValidationTest {
  private static FrameworkInfo.Builder framework() {
    return FrameworkInfo.newBuilder()
        .setUser("u")
        .setName("n")
        .addCapabilities(
            FrameworkInfo.Capability.newBuilder()
                .setType(FrameworkInfo.Capability.Type.MULTI_ROLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "heron", "eng/dev", "a.b", "a-b"})
  void anOrdinaryRoleIsTaken(String role) {
    assertThat(FrameworkValidation.refusal(framework().addRoles(role).build())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', Empty role name is invalid",
    "/a, Role '/a' cannot start with a slash",
    "a/, Role 'a/' cannot end with a slash",
    "a//b, Role 'a//b' cannot contain two adjacent slashes",
    "., Role '.' cannot include '.' as a component",
    "a/*, Role 'a/*' cannot include '*' as a component",
    "-a, Role component '-a' is invalid because it begins with a dash",
    "a b, Role component 'a b' is invalid because it contains backspace or whitespace",
  })
  void aBadRoleIsRefusedWithTheReason(String role, String reason) {
    assertThat(FrameworkValidation.refusal(framework().addRoles(role).build()))
        .contains("'FrameworkInfo.roles' contains invalid role: " + reason);
  }

  @Test
  void aRoleTwiceIsRefused() {
    assertThat(FrameworkValidation.refusal(framework().addRoles("a").addRoles("a").build()))
        .contains("'FrameworkInfo.roles' contains duplicate items: a");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e300})
  void aTimeoutThatIsNoneIsRefused(double seconds) {
    assertThat(
            FrameworkValidation.refusal(
                framework().addRoles("*").setFailoverTimeout(seconds).build()))
        .isPresent();
  }

  private static FrameworkInfo.Builder filtering(String role, double cpus) {
    return framework()
        .addRoles("a")
        .putOfferFilters(
            role,
            OfferFilters.newBuilder()
                .setMinAllocatableResources(
                    OfferFilters.MinAllocatableResources.newBuilder()
                        .addQuantities(
                            OfferFilters.ResourceQuantities.newBuilder()
                                .putQuantities(
                                    "cpus", Value.Scalar.newBuilder().setValue(cpus).build())))
                .build());
  }

  @Test
  void anOfferFilterThatIsNoneIsRefused() {
    assertThat(FrameworkValidation.refusal(filtering("a", 2).build())).isEmpty();
    assertThat(FrameworkValidation.refusal(filtering("b", 2).build()))
        .hasValueSatisfying(text -> assertThat(text).contains("role 'b', which is none of"));
    assertThat(FrameworkValidation.refusal(filtering("a", -2).build()))
        .hasValueSatisfying(text -> assertThat(text).contains("'cpus': Negative values"));
  }
}
