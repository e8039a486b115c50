package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairnessTest {
  private static final Resources TOTAL = resources("cpus:10;mem:1000");

  private final Fairness fairness = new Fairness();
  private final Map<Fairness.Client, Resources> held = new HashMap<>();
  private final List<Fairness.Client> clients = new ArrayList<>();

  private static Resources resources(String text) {
    return Resources.of(ResourceFormat.parse(text));
  }

  private Fairness.Client client(String framework, String role, String holds) {
    FrameworkID id = FrameworkID.newBuilder().setValue(framework).build();
    Fairness.Client client = new Fairness.Client(id, role);
    clients.add(client);
    if (!holds.isEmpty()) {
      held.put(client, resources(holds));
    }
    return client;
  }

  private List<Fairness.Client> order() {
    Set<String> roles = new TreeSet<>();
    clients.forEach(client -> roles.add(client.role()));
    return clients.stream().sorted(fairness.order(roles, TOTAL, held)).toList();
  }

  private void weigh(String role, double weight) {
    assertThat(fairness.weigh(weights(role, weight))).isEmpty();
  }

  private static List<WeightInfo> weights(String role, double weight) {
    return List.of(WeightInfo.newBuilder().setRole(role).setWeight(weight).build());
  }

  @Test
  void whoHasTheSmallerDominantShareGoesFirst() {
    var muchCpu = client("a", "one", "cpus:5;mem:10");
    var muchMem = client("b", "two", "cpus:1;mem:600");
    var little = client("c", "three", "cpus:2;mem:100");
    assertThat(order()).containsExactly(little, muchCpu, muchMem);
  }

  @Test
  void rolesShareFirstAndTheirFrameworksAmongThemselves() {
    var crowded = client("a", "crowd", "cpus:2");
    var crowdedToo = client("b", "crowd", "cpus:1");
    var alone = client("c", "alone", "cpus:2.5");
    assertThat(order()).containsExactly(alone, crowdedToo, crowded);
  }

  @Test
  void ofEqualsWhoWasOfferedLessOftenGoesFirst() {
    var first = client("a", "*", "");
    var second = client("b", "*", "");
    assertThat(order()).containsExactly(first, second);
    fairness.offered(first);
    assertThat(order()).containsExactly(second, first);
    fairness.offered(second);
    assertThat(order()).containsExactly(first, second);
  }

  @Test
  void aHeavyRoleMayHaveMore() {
    var heavy = client("a", "heavy", "cpus:4");
    var light = client("b", "light", "cpus:3");
    assertThat(order()).containsExactly(light, heavy);
    weigh("heavy", 2);
    assertThat(order()).containsExactly(heavy, light);
  }

  @Test
  void aTreeOfRolesSharesAtEachLevel() {
    var dev = client("a", "eng/dev", "cpus:1");
    var test = client("b", "eng/test", "cpus:2");
    var eng = client("c", "eng", "cpus:1.5");
    var sales = client("d", "sales", "cpus:4");
    // The three below eng have 4.5 of 10 together: sales has less.
    assertThat(order()).containsExactly(sales, dev, eng, test);
  }

  @ParameterizedTest
  @CsvSource({
    "heron, 0, Invalid weight '0.0': Weights must be positive",
    "heron, -1, Invalid weight '-1.0': Weights must be positive",
    "heron, NaN, Invalid weight 'NaN': Weights must be positive",
    "/heron, 1, Invalid role: Role '/heron' cannot start with a slash"
  })
  void aWeightThatIsNoneIsRefused(String role, double weight, String why) {
    assertThat(fairness.weigh(weights(role, weight))).contains(why);
    assertThat(fairness.weights().getWeightInfosList()).isEmpty();
  }
}
