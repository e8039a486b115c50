package org.apache.heron.minicluster.master;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.DomainInfo;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints.RoleConstraints;

/** Whether an agent meets the constraints under which a framework wants offers in a role. */
final class OfferConstraintCheck {
  // The default of --offer_constraints_re2_max_program_size.
  private static final int MOST_INSTRUCTIONS = 100;

  // About what RE2 makes of any character of UTF-8 but the end of a line.
  private static final int ANY_CHARACTER = 10;

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

  /** Why constraints cannot be used, if so; Mesos' texts. */
  static Optional<String> error(OfferConstraints constraints) {
    for (var entry : new TreeMap<>(constraints.getRoleConstraintsMap()).entrySet()) {
      String role = entry.getKey();
      if (entry.getValue().getGroupsCount() == 0) {
        return Optional.of(
            "'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role "
                + role);
      }
      for (RoleConstraints.Group group : entry.getValue().getGroupsList()) {
        if (group.getAttributeConstraintsCount() == 0) {
          return Optional.of(
              // Mesos' own spelling, without the space.
              "'OfferConstraints::RoleConstraints::groups' for role "
                  + role
                  + "contains an empty RoleConstraints::Group");
        }
        for (AttributeConstraint constraint : group.getAttributeConstraintsList()) {
          Optional<String> error = error(constraint);
          if (error.isPresent()) {
            return error.map(
                text -> "A role " + role + " has an invalid 'AttributeConstraint': " + text);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> error(AttributeConstraint constraint) {
    AttributeConstraint.Selector selector = constraint.getSelector();
    AttributeConstraint.Predicate predicate = constraint.getPredicate();
    return switch (selector.getSelectorCase()) {
      case ATTRIBUTE_NAME -> error(predicate);
      case PSEUDOATTRIBUTE_TYPE ->
          selector.getPseudoattributeType()
                  == AttributeConstraint.Selector.PseudoattributeType.UNKNOWN
              ? Optional.of("Unknown pseudoattribute type")
              : error(predicate);
      case SELECTOR_NOT_SET ->
          Optional.of(
              "Exactly one of 'AttributeConstraint::Selector::name' or"
                  + " 'AttributeConstraint::Selector::pseudoattribute_type' must be set");
    };
  }

  private static Optional<String> error(AttributeConstraint.Predicate predicate) {
    return switch (predicate.getPredicateCase()) {
      case EXISTS, NOT_EXISTS, TEXT_EQUALS, TEXT_NOT_EQUALS -> Optional.empty();
      case TEXT_MATCHES -> regexError(predicate.getTextMatches().getRegex());
      case TEXT_NOT_MATCHES -> regexError(predicate.getTextNotMatches().getRegex());
      case PREDICATE_NOT_SET -> Optional.of("Unknown predicate type");
    };
  }

  private static Optional<String> regexError(String regex) {
    try {
      Pattern.compile(regex);
      int size = programSize(regex);
      return size <= MOST_INSTRUCTIONS
          ? Optional.empty()
          : Optional.of(
              "Regex '"
                  + regex
                  + "' is too complex: program size of "
                  + size
                  + " is larger than maximum of "
                  + MOST_INSTRUCTIONS
                  + " allowed");
    } catch (PatternSyntaxException e) {
      return Optional.of(
          "Failed to construct regex from pattern '" + regex + "': " + e.getDescription());
    }
  }

  /** About how many instructions RE2 makes of an expression: one for most of its characters. */
  private static int programSize(String regex) {
    int size = 0;
    for (int i = 0; i < regex.length(); i++) {
      boolean escapes = regex.charAt(i) == '\\' && i + 1 < regex.length();
      i += escapes ? 1 : 0;
      size += !escapes && regex.charAt(i) == '.' ? ANY_CHARACTER : 1;
    }
    return size;
  }

  private static boolean meets(AttributeConstraint constraint, AgentInfo agent) {
    Optional<Attribute> value = select(constraint.getSelector(), agent);
    AttributeConstraint.Predicate predicate = constraint.getPredicate();
    return switch (predicate.getPredicateCase()) {
      case EXISTS -> value.isPresent();
      case NOT_EXISTS -> value.isEmpty();
      case TEXT_EQUALS -> isText(value, predicate.getTextEquals().getValue()::equals);
      case TEXT_NOT_EQUALS -> isNotText(value, predicate.getTextNotEquals().getValue()::equals);
      case TEXT_MATCHES -> isText(value, pattern(predicate.getTextMatches().getRegex()));
      case TEXT_NOT_MATCHES -> isNotText(value, pattern(predicate.getTextNotMatches().getRegex()));
      case PREDICATE_NOT_SET -> true;
    };
  }

  private static Predicate<String> pattern(String regex) {
    return Pattern.compile(regex).asMatchPredicate();
  }

  /** A value that is no text passes, as the scheduler API's description of predicates says. */
  private static boolean isText(Optional<Attribute> value, Predicate<String> condition) {
    return value
        .filter(v -> v.getType() != Value.Type.TEXT || condition.test(v.getText().getValue()))
        .isPresent();
  }

  private static boolean isNotText(Optional<Attribute> value, Predicate<String> condition) {
    return value
        .filter(v -> v.getType() == Value.Type.TEXT && condition.test(v.getText().getValue()))
        .isEmpty();
  }

  /** Of several attributes of one name, the first counts. */
  private static Optional<Attribute> select(
      AttributeConstraint.Selector selector, AgentInfo agent) {
    return switch (selector.getSelectorCase()) {
      case ATTRIBUTE_NAME ->
          agent.getAttributesList().stream()
              .filter(attribute -> attribute.getName().equals(selector.getAttributeName()))
              .findFirst();
      case PSEUDOATTRIBUTE_TYPE ->
          switch (selector.getPseudoattributeType()) {
            case HOSTNAME -> Optional.of(text(agent.getHostname()));
            case REGION -> domain(agent).map(domain -> text(domain.getRegion().getName()));
            case ZONE -> domain(agent).map(domain -> text(domain.getZone().getName()));
            case UNKNOWN -> Optional.empty();
          };
      case SELECTOR_NOT_SET -> Optional.empty();
    };
  }

  private static Optional<DomainInfo.FaultDomain> domain(AgentInfo agent) {
    return agent.getDomain().hasFaultDomain()
        ? Optional.of(agent.getDomain().getFaultDomain())
        : Optional.empty();
  }

  private static Attribute text(String value) {
    return Attribute.newBuilder()
        .setName("")
        .setType(Value.Type.TEXT)
        .setText(Value.Text.newBuilder().setValue(value))
        .build();
  }
}
