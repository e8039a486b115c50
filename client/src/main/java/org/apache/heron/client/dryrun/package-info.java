/** The forms in which a dry run shows its packing plan. */
package org.apache.heron.client.dryrun;
