/** What an operator asks of a master: of ours, or of any other. */
package org.apache.heron.minicluster.operator;
