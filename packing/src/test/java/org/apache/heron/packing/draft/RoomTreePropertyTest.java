package org.apache.heron.packing.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.Resource;

/** The tree beside a loop over all containers. */
class RoomTreePropertyTest {
  private static final List<Resource> SIZES =
      List.of(size(0.1, 1, 9), size(0.3, 5, 1), size(2, 1, 1), size(1, 3, 3), size(0.7, 0, 4));

  @Property(tries = 300)
  void theFirstContainerWithRoomIsFound(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 40) int present,
      @ForAll @IntRange(min = 1, max = 12) int maxInstances) {
    Random random = new Random(seed);
    PackingLimits limits =
        new PackingLimits(size(4, 10, 12), size(0.2, 1, 1), maxInstances, Map.of());
    PlanDraft draft = PlanDraft.empty(limits);
    List<Resource> used = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < present; i++) {
      draft.addContainer();
      used.add(Resource.EMPTY);
      counts.add(0);
    }
    RoomTree tree = new RoomTree(limits, draft);
    Resource wanted = Resource.EMPTY;
    for (int step = 0; step < 300; step++) {
      if (step % 11 == 0) {
        wanted = SIZES.get(random.nextInt(SIZES.size()));
        tree.lookFor(wanted);
      }
      int from = random.nextInt(used.size() + 2);
      int expected = first(limits, used, counts, wanted, from);
      int found = tree.firstFrom(from);
      assertThat(found).isEqualTo(expected);
      if (found >= 0) {
        tree.take(found);
        used.set(found, used.get(found).plus(wanted));
        counts.set(found, counts.get(found) + 1);
      } else if (random.nextInt(4) == 0) {
        int more = random.nextInt(5);
        tree.append(more);
        for (int i = 0; i < more; i++) {
          used.add(Resource.EMPTY);
          counts.add(0);
        }
      }
      assertThat(tree.size()).isEqualTo(used.size());
    }
  }

  private static int first(
      PackingLimits limits, List<Resource> used, List<Integer> counts, Resource wanted, int from) {
    for (int i = from; i < used.size(); i++) {
      Resource after = used.get(i).plus(limits.padding()).plus(wanted);
      if (after.cpu() <= limits.capacity().cpu()
          && after.ram().compareTo(limits.capacity().ram()) <= 0
          && after.disk().compareTo(limits.capacity().disk()) <= 0
          && counts.get(i) < limits.maxInstances()) {
        return i;
      }
    }
    return -1;
  }

  private static Resource size(double cpu, long ram, long disk) {
    return new Resource(cpu, ByteAmount.ofBytes(ram), ByteAmount.ofBytes(disk));
  }
}
