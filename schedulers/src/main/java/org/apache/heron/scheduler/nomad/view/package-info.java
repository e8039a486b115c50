/** What Nomad's allocations and evaluations mean for a topology's containers. */
package org.apache.heron.scheduler.nomad.view;
