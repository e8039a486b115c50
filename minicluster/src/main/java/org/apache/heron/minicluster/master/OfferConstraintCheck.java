package org.apache.heron.minicluster.master;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints.RoleConstraints;

/** Whether an agent meets the constraints under which a framework wants offers in a role. */
final class OfferConstraintCheck {
  private OfferConstraintCheck() {}

  /** True if the role has no constraints, or all of one of its groups are met. */
  static boolean admits(OfferConstraints constraints, String role, AgentInfo agent) {
    RoleConstraints wanted = constraints.getRoleConstraintsMap().get(role);
    return wanted == null
        || wanted.getGroupsList().stream()
            .anyMatch(
                group ->
                    group.getAttributeConstraintsList().stream()
                        .allMatch(constraint -> meets(constraint, agent)));
  }

  /** Why constraints cannot be used, if so. */
  static Optional<String> error(OfferConstraints constraints) {
    for (RoleConstraints role : constraints.getRoleConstraintsMap().values()) {
      for (RoleConstraints.Group group : role.getGroupsList()) {
        for (AttributeConstraint constraint : group.getAttributeConstraintsList()) {
          Optional<String> error = regexError(constraint.getPredicate());
          if (error.isPresent()) {
            return error;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> regexError(AttributeConstraint.Predicate predicate) {
    String regex =
        predicate.hasTextMatches()
            ? predicate.getTextMatches().getRegex()
            : predicate.getTextNotMatches().getRegex();
    try {
      Pattern.compile(regex);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          "Failed to construct regex from pattern '" + regex + "': " + e.getDescription());
    }
  }

  private static boolean meets(AttributeConstraint constraint, AgentInfo agent) {
    List<Attribute> values = select(constraint.getSelector(), agent);
    AttributeConstraint.Predicate predicate = constraint.getPredicate();
    return switch (predicate.getPredicateCase()) {
      case EXISTS -> !values.isEmpty();
      case NOT_EXISTS -> values.isEmpty();
      case TEXT_EQUALS -> anyText(values, predicate.getTextEquals().getValue()::equals);
      case TEXT_NOT_EQUALS -> noText(values, predicate.getTextNotEquals().getValue()::equals);
      case TEXT_MATCHES ->
          anyText(
              values, Pattern.compile(predicate.getTextMatches().getRegex()).asMatchPredicate());
      case TEXT_NOT_MATCHES ->
          noText(
              values, Pattern.compile(predicate.getTextNotMatches().getRegex()).asMatchPredicate());
      case PREDICATE_NOT_SET -> true;
    };
  }

  /** A value that is no text passes, as the scheduler API's description of predicates says. */
  private static boolean anyText(List<Attribute> values, Predicate<String> condition) {
    return values.stream()
        .anyMatch(
            value ->
                value.getType() != Value.Type.TEXT || condition.test(value.getText().getValue()));
  }

  private static boolean noText(List<Attribute> values, Predicate<String> condition) {
    return values.stream()
        .noneMatch(
            value ->
                value.getType() == Value.Type.TEXT && condition.test(value.getText().getValue()));
  }

  private static List<Attribute> select(AttributeConstraint.Selector selector, AgentInfo agent) {
    return switch (selector.getSelectorCase()) {
      case ATTRIBUTE_NAME ->
          agent.getAttributesList().stream()
              .filter(attribute -> attribute.getName().equals(selector.getAttributeName()))
              .toList();
      case PSEUDOATTRIBUTE_TYPE ->
          switch (selector.getPseudoattributeType()) {
            case HOSTNAME -> List.of(text(agent.getHostname()));
            case REGION ->
                agent.hasDomain()
                    ? List.of(text(agent.getDomain().getFaultDomain().getRegion().getName()))
                    : List.of();
            case ZONE ->
                agent.hasDomain()
                    ? List.of(text(agent.getDomain().getFaultDomain().getZone().getName()))
                    : List.of();
            case UNKNOWN -> List.of();
          };
      case SELECTOR_NOT_SET -> List.of();
    };
  }

  private static Attribute text(String value) {
    return Attribute.newBuilder()
        .setName("")
        .setType(Value.Type.TEXT)
        .setText(Value.Text.newBuilder().setValue(value))
        .build();
  }
}
