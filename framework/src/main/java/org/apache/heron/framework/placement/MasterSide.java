package org.apache.heron.framework.placement;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.OfferFilters;
import org.apache.mesos.v1.Protos.OfferFilters.MinAllocatableResources;
import org.apache.mesos.v1.Protos.OfferFilters.ResourceQuantities;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint.Predicate;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint.Selector;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint.Selector.PseudoattributeType;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints.RoleConstraints;

/**
 * What of our rules the master itself can keep, so that it offers to others what we would only
 * decline: the fifth and sixth rule of Mesos' framework guide. Pure.
 *
 * <p>A master of before 1.11 does not know these fields and passes over them; the {@link Placer}
 * keeps all rules in any case.
 */
public final class MasterSide {
  // Half of the smallest container: agents that nearly fit are still seen, and can be named to
  // those who ask why a container waits; what is smaller helps nobody.
  private static final double PART = 0.5;

  // Of these it can be told what the master makes of them, see instructions(). What may be followed
  // by a quantifier comes first, so that nothing is ever tried a second time: it costs neither time
  // nor stack.
  private static final Pattern PLAIN_EXPRESSION =
      Pattern.compile("(?:[^\\\\?*+{}\\[\\]()][*+?]|[\\w./:@ |(),^$-]|\\[[\\w.-]++])++");

  // A master of 1.11 and later refuses a framework with an expression of more than 100
  // instructions (--offer_constraints_re2_max_program_size), or of more than 4 KB
  // (--offer_constraints_re2_max_mem), of which RE2 leaves about 70 instructions to the expression.
  private static final int MOST_INSTRUCTIONS = 48;

  // Any character of UTF-8 but the end of a line; a character of two to four bytes.
  private static final int ANY_CHARACTER = 13;
  private static final int WIDE_CHARACTER = 4;

  private MasterSide() {}

  /** The framework's description, with the least that an agent must have to be offered. */
  public static FrameworkInfo withFilters(FrameworkInfo framework, Collection<Size> sizes) {
    FrameworkInfo.Builder info = framework.toBuilder().clearOfferFilters();
    if (sizes.isEmpty()) {
      return info.build();
    }
    OfferFilters filters =
        OfferFilters.newBuilder()
            .setMinAllocatableResources(
                MinAllocatableResources.newBuilder().addQuantities(least(sizes)))
            .build();
    framework.getRolesList().forEach(role -> info.putOfferFilters(role, filters));
    return info.build();
  }

  private static ResourceQuantities least(Collection<Size> sizes) {
    ResourceQuantities.Builder least = ResourceQuantities.newBuilder();
    for (Kind kind : List.of(Kind.CPUS, Kind.MEM)) {
      long smallest = sizes.stream().mapToLong(size -> size.of(kind)).min().orElse(0);
      double part = Math.floor(smallest * PART) / 1000;
      if (part > 0) {
        least.putQuantities(kind.mesosName(), Value.Scalar.newBuilder().setValue(part).build());
      }
    }
    return least.build();
  }

  /** Those of the constraints of which the master is told something. */
  public static List<Constraint> kept(List<Constraint> constraints) {
    return constraints.stream().filter(each -> predicate(each).isPresent()).toList();
  }

  /**
   * What an agent must have, at the least, to be offered; the smallest container is of that size.
   */
  public static String leastText(Size smallest) {
    return Kind.CPUS.text(part(smallest, Kind.CPUS))
        + " and "
        + Kind.MEM.text(part(smallest, Kind.MEM));
  }

  private static long part(Size smallest, Kind kind) {
    return (long) Math.floor(smallest.of(kind) * PART);
  }

  /** The constraints that hold for an agent whatever runs where; empty if there are none. */
  public static Optional<OfferConstraints> constraints(
      Collection<String> roles, List<Constraint> constraints) {
    RoleConstraints.Group.Builder group = RoleConstraints.Group.newBuilder();
    constraints.forEach(
        constraint ->
            predicate(constraint)
                .ifPresent(
                    predicate ->
                        group.addAttributeConstraints(
                            AttributeConstraint.newBuilder()
                                .setSelector(selector(constraint.field()))
                                .setPredicate(predicate))));
    if (group.getAttributeConstraintsCount() == 0) {
      return Optional.empty();
    }
    OfferConstraints.Builder all = OfferConstraints.newBuilder();
    RoleConstraints ofRole = RoleConstraints.newBuilder().addGroups(group).build();
    roles.forEach(role -> all.putRoleConstraints(role, ofRole));
    return Optional.of(all.build());
  }

  private static Selector selector(String field) {
    Selector.Builder selector = Selector.newBuilder();
    return switch (field) {
      case Constraint.HOSTNAME ->
          selector.setPseudoattributeType(PseudoattributeType.HOSTNAME).build();
      case Constraint.REGION -> selector.setPseudoattributeType(PseudoattributeType.REGION).build();
      case Constraint.ZONE -> selector.setPseudoattributeType(PseudoattributeType.ZONE).build();
      default -> selector.setAttributeName(field).build();
    };
  }

  private static Optional<Predicate> predicate(Constraint constraint) {
    boolean isHostname = constraint.field().equals(Constraint.HOSTNAME);
    return switch (constraint.operator()) {
      case LIKE -> expression(constraint.value()).map(MasterSide::matches);
      // Of an attribute that is missing it is not certain what the master says.
      case UNLIKE ->
          isHostname
              ? expression(constraint.value()).map(MasterSide::notMatches)
              : Optional.empty();
      case IS -> Optional.of(constraint.value()).filter(MasterSide::isText).map(MasterSide::equal);
      case CLUSTER ->
          constraint.value().isEmpty()
              ? exists(isHostname)
              : Optional.of(constraint.value()).filter(MasterSide::isText).map(MasterSide::equal);
      case UNIQUE, GROUP_BY, MAX_PER -> exists(isHostname);
    };
  }

  private static Optional<Predicate> exists(boolean isHostname) {
    return isHostname
        ? Optional.empty()
        : Optional.of(
            Predicate.newBuilder().setExists(Predicate.Exists.getDefaultInstance()).build());
  }

  private static boolean isText(String value) {
    return AttributeText.normal(value).equals(value);
  }

  private static Optional<String> expression(String value) {
    return Optional.of(value)
        .filter(text -> instructions(text) <= MOST_INSTRUCTIONS)
        .filter(text -> PLAIN_EXPRESSION.matcher(text).matches());
  }

  /** How many instructions RE2 may make of a plain expression, rather too many than too few. */
  private static int instructions(String expression) {
    int instructions = 0;
    boolean inClass = false;
    for (int i = 0; i < expression.length() && instructions <= MOST_INSTRUCTIONS; i++) {
      char letter = expression.charAt(i);
      inClass = letter == '[' || (inClass && letter != ']');
      if (inClass) {
        instructions += 2; // a range, and the choice of it
      } else if (letter == '.') {
        instructions += ANY_CHARACTER;
      } else {
        instructions += letter < 0x80 ? 1 : WIDE_CHARACTER;
      }
    }
    return instructions;
  }

  private static Predicate matches(String expression) {
    return Predicate.newBuilder()
        .setTextMatches(Predicate.TextMatches.newBuilder().setRegex(expression))
        .build();
  }

  private static Predicate notMatches(String expression) {
    return Predicate.newBuilder()
        .setTextNotMatches(Predicate.TextNotMatches.newBuilder().setRegex(expression))
        .build();
  }

  private static Predicate equal(String value) {
    return Predicate.newBuilder()
        .setTextEquals(Predicate.TextEquals.newBuilder().setValue(value))
        .build();
  }
}
