package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.heron.minicluster.agent.AttributeText;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint.Predicate;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint.Selector;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints.RoleConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfferConstraintCheckTest {
  private static final AgentInfo AGENT =
      AgentInfo.newBuilder()
          .setHostname("a.example")
          .addAllAttributes(AttributeText.attributes("rack:r1;rack:r2;gen:3"))
          .setDomain(MasterOptions.faultDomain("eu", "eu-1"))
          .build();

  private static Selector.Builder named(String attribute) {
    return Selector.newBuilder().setAttributeName(attribute);
  }

  private static Predicate.Builder predicate(String kind, String value) {
    Predicate.Builder predicate = Predicate.newBuilder();
    return switch (kind) {
      case "exists" -> predicate.setExists(Predicate.Exists.getDefaultInstance());
      case "not exists" -> predicate.setNotExists(Predicate.NotExists.getDefaultInstance());
      case "is" -> predicate.setTextEquals(Predicate.TextEquals.newBuilder().setValue(value));
      case "is not" ->
          predicate.setTextNotEquals(Predicate.TextNotEquals.newBuilder().setValue(value));
      case "matches" ->
          predicate.setTextMatches(Predicate.TextMatches.newBuilder().setRegex(value));
      case "matches not" ->
          predicate.setTextNotMatches(Predicate.TextNotMatches.newBuilder().setRegex(value));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static OfferConstraints one(Selector.Builder selector, Predicate.Builder predicate) {
    return groups(
        List.of(
            RoleConstraints.Group.newBuilder()
                .addAttributeConstraints(
                    AttributeConstraint.newBuilder().setSelector(selector).setPredicate(predicate))
                .build()));
  }

  private static OfferConstraints groups(List<RoleConstraints.Group> groups) {
    return OfferConstraints.newBuilder()
        .putRoleConstraints("heron", RoleConstraints.newBuilder().addAllGroups(groups).build())
        .build();
  }

  private static boolean admits(OfferConstraints constraints) {
    return OfferConstraintCheck.admits(constraints, "heron", AGENT);
  }

  @ParameterizedTest
  @CsvSource({
    "rack, exists, '', true",
    "ssd, exists, '', false",
    "rack, not exists, '', false",
    "ssd, not exists, '', true",
    "rack, is, r1, true",
    "rack, is, r2, false", // of several of one name the first counts
    "ssd, is, r1, false",
    "rack, is not, r1, false",
    "rack, is not, r2, true",
    "ssd, is not, r1, true",
    "rack, matches, r., true",
    "rack, matches, r, false",
    "ssd, matches, .*, false",
    "rack, matches not, r, true",
    "rack, matches not, r., false",
    "gen, is, 4, true", // what is no text passes
    "gen, is not, 3, true"
  })
  void anAttributeIsHeldAgainstAPredicate(
      String attribute, String kind, String value, boolean passes) {
    assertThat(admits(one(named(attribute), predicate(kind, value)))).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"HOSTNAME, a.example", "REGION, eu", "ZONE, eu-1"})
  void hostAndDomainAreAttributesToo(Selector.PseudoattributeType type, String value) {
    Selector.Builder selector = Selector.newBuilder().setPseudoattributeType(type);
    assertThat(admits(one(selector, predicate("is", value)))).isTrue();
    assertThat(admits(one(selector, predicate("is", "other")))).isFalse();
  }

  @Test
  void oneGroupOfSeveralIsEnoughAndARoleWithoutConstraintsIsFree() {
    RoleConstraints.Group no =
        one(named("rack"), predicate("is", "r9")).getRoleConstraintsMap().get("heron").getGroups(0);
    RoleConstraints.Group yes =
        one(named("rack"), predicate("is", "r1")).getRoleConstraintsMap().get("heron").getGroups(0);
    assertThat(admits(groups(List.of(no, yes)))).isTrue();
    assertThat(admits(groups(List.of(no)))).isFalse();
    assertThat(OfferConstraintCheck.admits(groups(List.of(no)), "other", AGENT)).isTrue();
  }

  @Test
  void constraintsThatAreNoneAreRefusedWithTheReason() {
    assertThat(OfferConstraintCheck.error(groups(List.of())))
        .hasValueSatisfying(text -> assertThat(text).contains("empty 'RoleConstraints::groups'"));
    assertThat(
            OfferConstraintCheck.error(groups(List.of(RoleConstraints.Group.getDefaultInstance()))))
        .hasValueSatisfying(text -> assertThat(text).contains("empty RoleConstraints::Group"));
    assertThat(OfferConstraintCheck.error(one(named("rack"), predicate("matches", "("))))
        .hasValueSatisfying(text -> assertThat(text).contains("construct regex from pattern '('"));
    assertThat(
            OfferConstraintCheck.error(
                one(named("rack"), predicate("matches", "host-a1.example|".repeat(9) + "x"))))
        .hasValueSatisfying(text -> assertThat(text).contains("is too complex: program size of"));
    assertThat(OfferConstraintCheck.error(one(named("rack"), predicate("matches", "a1|a2|r.*"))))
        .isEmpty();
    assertThat(OfferConstraintCheck.error(one(named("rack"), Predicate.newBuilder())))
        .contains("A role heron has an invalid 'AttributeConstraint': Unknown predicate type");
    assertThat(OfferConstraintCheck.error(one(Selector.newBuilder(), predicate("exists", ""))))
        .hasValueSatisfying(text -> assertThat(text).contains("Exactly one of"));
  }
}
