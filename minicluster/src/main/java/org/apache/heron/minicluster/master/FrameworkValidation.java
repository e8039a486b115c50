package org.apache.heron.minicluster.master;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.OfferFilters;

/** Whether a framework may subscribe; refusals are Mesos' texts, sent as ERROR events. */
final class FrameworkValidation {
  private FrameworkValidation() {}

  @SuppressWarnings("deprecation") // the old field is what is judged
  static Optional<String> refusal(FrameworkInfo info) {
    boolean multiRole =
        info.getCapabilitiesList().stream()
            .anyMatch(capability -> capability.getType() == Capability.Type.MULTI_ROLE);
    if (!multiRole) {
      if (info.getRolesCount() > 0) {
        return Optional.of(
            "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
      }
      return roleError(info.getRole())
          .map(error -> "'FrameworkInfo.role' is not a valid role: " + error)
          .or(() -> timeoutRefusal(info))
          .or(() -> filterRefusal(info, Set.of(info.getRole())));
    }
    if (info.hasRole()) {
      return Optional.of(
          "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
    }
    Set<String> seen = new HashSet<>();
    Set<String> twice = new LinkedHashSet<>();
    info.getRolesList().stream().filter(role -> !seen.add(role)).forEach(twice::add);
    if (!twice.isEmpty()) {
      return Optional.of(
          "'FrameworkInfo.roles' contains duplicate items: " + String.join(", ", twice));
    }
    for (String role : info.getRolesList()) {
      Optional<String> error = roleError(role);
      if (error.isPresent()) {
        return error.map(text -> "'FrameworkInfo.roles' contains invalid role: " + text);
      }
    }
    return timeoutRefusal(info).or(() -> filterRefusal(info, seen));
  }

  /** What is asked of offers at least, role by role. */
  private static Optional<String> filterRefusal(FrameworkInfo info, Set<String> roles) {
    for (var entry : new TreeMap<>(info.getOfferFiltersMap()).entrySet()) {
      if (!roles.contains(entry.getKey())) {
        return Optional.of(
            "'FrameworkInfo.offer_filters' contains role '"
                + entry.getKey()
                + "', which is none of the framework's");
      }
      for (OfferFilters.ResourceQuantities wanted :
          entry.getValue().getMinAllocatableResources().getQuantitiesList()) {
        Optional<String> error = quantityError(wanted);
        if (error.isPresent()) {
          return error.map(text -> "'FrameworkInfo.offer_filters' is invalid: " + text);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> quantityError(OfferFilters.ResourceQuantities wanted) {
    if (wanted.getQuantitiesCount() == 0) {
      return Optional.of("Resource quantities must contain at least one quantity");
    }
    return wanted.getQuantitiesMap().entrySet().stream()
        .filter(quantity -> !(quantity.getValue().getValue() >= 0))
        .findFirst()
        .map(
            quantity ->
                "Invalid resource quantity for '"
                    + quantity.getKey()
                    + "': Negative values not supported");
  }

  private static Optional<String> timeoutRefusal(FrameworkInfo info) {
    double seconds = info.getFailoverTimeout();
    return seconds >= 0 && seconds <= Long.MAX_VALUE / 1e9
        ? Optional.empty()
        : Optional.of("The framework failover_timeout (" + seconds + ") is invalid");
  }

  static Optional<String> roleError(String role) {
    if (role.equals("*")) {
      return Optional.empty();
    }
    if (role.isEmpty()) {
      return Optional.of("Empty role name is invalid");
    }
    String named = "Role '" + role + "' ";
    if (role.startsWith("/")) {
      return Optional.of(named + "cannot start with a slash");
    }
    if (role.endsWith("/")) {
      return Optional.of(named + "cannot end with a slash");
    }
    for (String component : components(role)) {
      if (component.isEmpty()) {
        return Optional.of(named + "cannot contain two adjacent slashes");
      }
      if (component.equals(".") || component.equals("..") || component.equals("*")) {
        return Optional.of(named + "cannot include '" + component + "' as a component");
      }
      if (component.startsWith("-")) {
        return Optional.of(
            "Role component '" + component + "' is invalid because it begins with a dash");
      }
      if (component.chars().anyMatch(c -> c == '\b' || c == 0x7f || Character.isWhitespace(c))) {
        return Optional.of(
            "Role component '"
                + component
                + "' is invalid because it contains backspace or whitespace");
      }
    }
    return Optional.empty();
  }

  private static List<String> components(String role) {
    List<String> components = new ArrayList<>();
    int start = 0;
    for (int slash = role.indexOf('/'); slash >= 0; slash = role.indexOf('/', start)) {
      components.add(role.substring(start, slash));
      start = slash + 1;
    }
    components.add(role.substring(start));
    return components;
  }
}
