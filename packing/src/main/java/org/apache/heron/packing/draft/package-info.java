/**
 * Packing plans in the making: which container has room, who is removed first, who gets which id.
 */
package org.apache.heron.packing.draft;
