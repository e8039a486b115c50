package org.apache.heron.minicluster.master;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.apache.mesos.v1.master.Protos.Response;

/**
 * Dominant resource fairness as Mesos' sorter has it: roles are a tree ({@code eng/dev} below
 * {@code eng}), at each level the node with the smaller weighted dominant share goes first; of
 * equal ones that which was offered less often; then by name. Between the frameworks of a role the
 * same. Lives as long as the master, for it counts; used on the master's thread.
 */
final class Fairness {
  private static final List<String> SHARED_BY = List.of("cpus", "mem", "disk", "gpus");

  private final Map<String, Double> weights = new TreeMap<>();
  private final Map<Client, Long> offered = new HashMap<>();

  /** A framework in one of its roles. */
  record Client(FrameworkID framework, String role) {}

  /** Sets weights; the refusal if one is none. */
  Optional<String> weigh(List<WeightInfo> changes) {
    for (WeightInfo change : changes) {
      Optional<String> error = FrameworkValidation.roleError(change.getRole());
      if (error.isPresent()) {
        return error.map(text -> "Invalid role: " + text);
      }
      if (!(change.getWeight() > 0)) {
        return Optional.of("Invalid weight '" + change.getWeight() + "': Weights must be positive");
      }
    }
    changes.forEach(change -> weights.put(change.getRole(), change.getWeight()));
    return Optional.empty();
  }

  Response.GetWeights.Builder weights() {
    Response.GetWeights.Builder answer = Response.GetWeights.newBuilder();
    weights.forEach(
        (role, weight) ->
            answer.addWeightInfos(WeightInfo.newBuilder().setRole(role).setWeight(weight)));
    return answer;
  }

  double weight(String role) {
    return weights.getOrDefault(role, 1.0);
  }

  /** Counts an offer. */
  void offered(Client client) {
    offered.merge(client, 1L, Long::sum);
  }

  /** A framework is gone. */
  void forget(FrameworkID framework) {
    offered.keySet().removeIf(client -> client.framework().equals(framework));
  }

  /** The order in which clients are served now. */
  Comparator<Client> order(Set<String> roles, Resources total, Map<Client, Resources> held) {
    return new Round(roles, total, held);
  }

  /** The share of the resource of which it is largest; 0 of nothing. */
  static double dominantShare(Resources held, Resources total) {
    double dominant = 0;
    for (String name : SHARED_BY) {
      double all = total.scalar(name);
      if (all > 0) {
        dominant = Math.max(dominant, held.scalar(name) / all);
      }
    }
    return dominant;
  }

  /** Shares at one moment. */
  private final class Round implements Comparator<Client> {
    private final Resources total;
    private final TreeSet<String> roles;
    private final Map<Client, Resources> held;
    private final Map<String, Double> shares = new HashMap<>();
    private final Map<String, Long> counts = new HashMap<>();

    Round(Set<String> roles, Resources total, Map<Client, Resources> held) {
      this.roles = new TreeSet<>(roles);
      this.total = total;
      this.held = held;
    }

    @Override
    public int compare(Client one, Client other) {
      int byRole = one.role().equals(other.role()) ? 0 : compareRoles(one.role(), other.role());
      if (byRole != 0) {
        return byRole;
      }
      int byShare = Double.compare(share(one), share(other));
      if (byShare != 0) {
        return byShare;
      }
      int byCount = Long.compare(count(one), count(other));
      return byCount != 0
          ? byCount
          : one.framework().getValue().compareTo(other.framework().getValue());
    }

    private double share(Client client) {
      return dominantShare(held.getOrDefault(client, Resources.NONE), total);
    }

    private long count(Client client) {
      return offered.getOrDefault(client, 0L);
    }

    private int compareRoles(String one, String other) {
      List<String> left = path(one);
      List<String> right = path(other);
      int common = 0;
      while (common < left.size()
          && common < right.size()
          && left.get(common).equals(right.get(common))) {
        common++;
      }
      String leftNode = String.join("/", left.subList(0, Math.min(common + 1, left.size())));
      String rightNode = String.join("/", right.subList(0, Math.min(common + 1, right.size())));
      return Comparator.<String>comparingDouble(this::nodeShare)
          .thenComparingLong(this::nodeCount)
          .thenComparing(Comparator.naturalOrder())
          .compare(leftNode, rightNode);
    }

    /** A role that others are below is a leaf beside them, called {@code .}, as in Mesos. */
    private List<String> path(String role) {
      String next = roles.higher(role + "/");
      boolean inner = next != null && next.startsWith(role + "/");
      return Arrays.asList((inner ? role + "/." : role).split("/"));
    }

    private double nodeShare(String node) {
      return shares.computeIfAbsent(
          node,
          n -> {
            Resources sum = Resources.NONE;
            for (Map.Entry<Client, Resources> entry : held.entrySet()) {
              if (isIn(n, entry.getKey().role())) {
                sum = sum.plus(entry.getValue().unallocated());
              }
            }
            return dominantShare(sum, total) / weight(n);
          });
    }

    private long nodeCount(String node) {
      return counts.computeIfAbsent(
          node,
          n ->
              offered.entrySet().stream()
                  .filter(entry -> isIn(n, entry.getKey().role()))
                  .mapToLong(Map.Entry::getValue)
                  .sum());
    }

    private static boolean isIn(String node, String role) {
      return node.endsWith("/.")
          ? role.equals(node.substring(0, node.length() - 2))
          : role.equals(node) || role.startsWith(node + "/");
    }
  }
}
